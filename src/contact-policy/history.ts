import type {
  AccountId,
  ActionId,
  ChannelId,
  ContactId,
  MemberId,
  ProductId,
  Purpose,
  Role,
} from '../catalogue/index.js';
import type { DismissalReason } from './rule.js';

/** A touch as the policy needs it; planned and sending ones of ours count too. */
export interface PastTouch {
  contactId: ContactId | null;
  channelId: ChannelId;
  purpose: Purpose | null;
  actionId: ActionId | null;
  productIds: readonly ProductId[];
  at: Date;
}

/** A suggestion that was dismissed, or carried out: then `reason` is `completed`. */
export interface PastDismissal {
  contactId: ContactId | null;
  actionId: ActionId;
  productId: ProductId | null;
  channelId: ChannelId;
  reason: DismissalReason | 'completed';
  at: Date;
  /** The slot that it had. */
  slot?: { from: Date; to: Date; timeZone: string } | null;
  /** Of what was called not compliant: whether compliance has looked at it. Absent or null: it need not. */
  review?: 'open' | 'upheld' | 'cleared' | null;
}

/** Something open that silences purposes: from a conversation's opening, a complaint's, or a visit with an open next step. */
export interface OpenThread {
  kind: 'conversation' | 'complaint' | 'visit-follow-up';
  conversationId: string;
  /** Whom it names; empty when it concerns the account as a whole. */
  contactIds: readonly ContactId[];
  topics: readonly string[];
  openedAt: Date;
  closedAt: Date | null;
}

export interface Quote {
  productId: ProductId;
  price: number | null;
  discount: number | null;
  quotedAt: Date;
  validUntil: Date | null;
}

/** What the policy reads of one account's past; workflows fill it. Lists are oldest first. */
export interface ContactHistory {
  accountId: AccountId;
  touches: readonly PastTouch[];
  dismissals: readonly PastDismissal[];
  threads: readonly OpenThread[];
  quotes: readonly Quote[];
}

export interface BudgetUsed {
  role: Role;
  /** The member's own day, YYYY-MM-DD. */
  day: string;
  used: number;
  /** Start of the member's next day; absent: of the next day in UTC. */
  resetsAt?: Date;
}

/** Suggestions already shown today per member, against the budget of the role. */
export type BudgetsUsed = ReadonlyMap<MemberId, BudgetUsed>;
