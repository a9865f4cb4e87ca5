import type { MemberId } from '../../catalogue/index.js';
import type { PushKind, PushNote } from './push-note.js';
import type { PushAddress, PushLanguage, PushSubscriptionId } from './push-subscription.js';

/** One note for one subscription, claimed for one attempt. */
export interface ClaimedPush {
  subscriptionId: PushSubscriptionId;
  messageId: string;
  memberId: MemberId;
  kind: PushKind;
  subjectId: string;
  title: string | null;
  urgent: boolean;
  notAfter: Date;
  address: PushAddress;
  language: PushLanguage;
  detailed: boolean;
  /** Place in the schedule of the attempt to be made, from 0. */
  step: number;
  /** Whoever ends it shows it: it may have been claimed anew meanwhile. */
  claim: string;
}

/** What follows from an attempt, or from a decision to make none. */
export type PushEnd =
  | { state: 'delivered' }
  | { state: 'failed' | 'expired' | 'cancelled'; because: string }
  /** The browser has given the subscription up: it goes, with all that waits for it. */
  | { state: 'gone' }
  /** `rest`: nothing else goes to this subscription before. `attempted` false: it was put off without being tried. */
  | {
      state: 'waiting';
      nextAttemptAt: Date;
      restsUntil: Date | null;
      attempted: boolean;
      because: string | null;
    };

/** What is to ring where. A claim is a lease: until it is over nobody else makes the attempt. */
export abstract class PushDeliveries {
  /** Queues a note for one subscription. */
  abstract queue(note: PushNote, subscriptionId: PushSubscriptionId, at: Date): Promise<void>;
  abstract claim(at: Date, leaseUntil: Date, claim: string, limit: number): Promise<ClaimedPush[]>;
  abstract end(push: ClaimedPush, end: PushEnd, at: Date): Promise<void>;
  /** Forgets what is over and older; gives how many. */
  abstract purge(before: Date, limit: number): Promise<number>;
}
