import type { MemberId } from '../../catalogue/index.js';
import type { DigestPeriod } from './digest-period.js';

export const digestStates = ['due', 'sending', 'sent', 'empty', 'failed', 'unknown'] as const;
/** `unknown`: whoever sent it never said whether it left; it is not sent again. */
export type DigestState = (typeof digestStates)[number];

/** A digest in hand: nobody else composes or sends it until the claim is over. */
export interface ClaimedDigest {
  memberId: MemberId;
  period: string;
  dueAt: Date;
  until: Date;
  /** Attempts before this one. */
  attempts: number;
  claim: string;
}

/** How much of each kind a digest told. */
export interface DigestEntries {
  suggestions: number;
  alerts: number;
  tasks: number;
  promises: number;
}

/** What became of a digest in hand. */
export type DigestEnd =
  | { state: 'empty' }
  | { state: 'failed'; because: string }
  /** Of a mail that was handed over. */
  | { state: 'sent' }
  | { state: 'unknown'; because: string }
  | { state: 'due'; nextTryAt: Date; because: string };

/** A digest as its reader is told of it. */
export interface DigestRecord {
  period: string;
  state: DigestState;
  dueAt: Date;
  endedAt: Date | null;
  because: string | null;
}

/** One digest a member and period, whatever happens; each attempt is written before anything leaves the house. */
export abstract class Digests {
  /** Those that are noted already are left as they are. */
  abstract note(periods: readonly (DigestPeriod & { memberId: MemberId })[], at: Date): Promise<void>;
  /** Takes due ones in hand. Those whose sender died while composing are due again. */
  abstract take(at: Date, leaseUntil: Date, claim: string, limit: number): Promise<ClaimedDigest[]>;
  /** From now on the mail may have left. False when the claim was lost: then nothing may be sent. */
  abstract begin(digest: ClaimedDigest, entries: DigestEntries, at: Date): Promise<boolean>;
  abstract end(digest: ClaimedDigest, end: DigestEnd, at: Date): Promise<void>;
  /** Those whose sender died while sending are `unknown`; those that are stale have failed; old ones are forgotten. */
  abstract giveUp(at: Date): Promise<number>;
  abstract last(memberId: MemberId): Promise<DigestRecord | null>;
}
