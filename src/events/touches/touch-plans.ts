import type { AccountId, ContentId, MemberId, ProductId, TreatmentId } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import type { Touch, TouchId, TouchState } from './touch.js';

/** What a touch of ours was made of, and how it fared. The touch itself has its state and the instant it began. */
export interface TouchPlan {
  touchId: TouchId;
  accountId: AccountId;
  suggestionId: string;
  decisionId: string;
  treatmentId: TreatmentId | null;
  contentId: ContentId | null;
  productId: ProductId | null;
  /** `mail`: we send it; `connector`: whoever receives `touch.requested` does. */
  through: 'mail' | 'connector';
  /** It begins within this window, its end excluded, or never. */
  slot: { from: Date; to: Date; timeZone: string };
  plannedAt: Date;
  /** When its beginning is tried next; null once it is no longer planned. */
  nextTryAt: Date | null;
  /** Times that it was begun and refused for a passing reason. */
  tries: number;
  /** While it is being sent: whoever sends it has answered until then, or it is not known what became of it. */
  leaseUntil: Date | null;
  /** The rule of the contact policy that stopped it. */
  rule: string | null;
  /** Why it was cancelled, failed, or is not known. */
  because: string | null;
  deliveredAt: Date | null;
  bouncedAt: Date | null;
}

export interface OwnTouch {
  touch: Touch;
  plan: TouchPlan;
}

/** What changes of a touch of ours when its state does; what is left out stays. */
export interface TouchChange {
  to: TouchState;
  /** The instant it began. */
  at?: Date;
  nextTryAt?: Date | null;
  leaseUntil?: Date | null;
  tries?: number;
  rule?: string | null;
  because?: string | null;
  deliveredAt?: Date;
  bouncedAt?: Date;
}

export interface OwnTouchQuery {
  accountId?: AccountId;
  state?: TouchState;
  /** Accounts that this member is assigned to: what a bound caller sees. */
  seenBy?: MemberId;
  after?: { at: Date; touchId: TouchId };
  limit: number;
}

/** Touches of ours, from their planning on. Whoever changes one holds the lock of its account. */
export abstract class TouchPlans {
  /** Adds planned touches; a suggestion that has one already (a cancelled one aside) gets no second. Gives those added. */
  abstract add(touches: readonly OwnTouch[], within: Transaction): Promise<OwnTouch[]>;
  abstract find(touchId: TouchId, within?: Transaction): Promise<OwnTouch | null>;
  /** Planned ones whose time has come, the longest waiting first; or those being sent whose lease has ended. */
  abstract due(what: 'planned' | 'sending', at: Date, limit: number): Promise<OwnTouch[]>;
  /** Changes it if it is in one of the states `from`; tells whether it was. */
  abstract move(
    touch: { accountId: AccountId; touchId: TouchId },
    from: readonly TouchState[],
    change: TouchChange,
    within: Transaction,
  ): Promise<boolean>;
  /** Newest first; one more than the limit where there are more. */
  abstract page(query: OwnTouchQuery): Promise<OwnTouch[]>;
}
