import type { AccountId, ContactId, MemberId } from '../catalogue/index.js';
import type { AccountEvent, EventProperties } from '../events/index.js';
import type { Id, Transaction } from '../shared/index.js';
import type { TriggerRuleId } from './rules/trigger-rule.js';

export type FiringId = Id<'firing'>;

/** An event that an alert shows for evidence. */
export interface EvidenceEvent {
  eventId: string;
  name: string;
  at: Date;
}

/** A rule that fired for somebody. The alert is made of it right after, outside the transaction that wrote it. */
export interface Firing {
  firingId: FiringId;
  ruleId: TriggerRuleId;
  ruleVersion: number;
  accountId: AccountId;
  contactId: ContactId | null;
  /** For whom the rule counts and rests: a contact, a task; empty: the account. */
  subject: string;
  /** Time of the event that made it fire. */
  at: Date;
  firedAt: Date;
  /** When it is to be judged: at once, or when what was expected has not happened by then. */
  dueAt: Date;
  evidence: EvidenceEvent[];
  /** Of the event that made it fire. */
  event: { name: string; memberId: MemberId | null; properties: EventProperties };
  /** Members to tell, where they are known already; else the rule says in which role. */
  memberIds: MemberId[] | null;
  /** Times that raising it was tried. */
  attempts: number;
}

/** Events of an account that a rule looks at: of these names, in (from, to]. */
export interface EventRange {
  accountId: AccountId;
  names: readonly string[];
  from: Date;
  to: Date;
}

/** What fired: written in the ingesting transaction, taken by a worker. Who adds or drops holds the account's lock. */
export abstract class Firings {
  /** Events of the log in all of these ranges, in order of time; one query. */
  abstract eventsIn(ranges: readonly EventRange[], within?: Transaction): Promise<AccountEvent[]>;
  /** Firings of these accounts after a time that were not dropped. */
  abstract since(
    accountIds: readonly AccountId[],
    after: Date,
    within: Transaction,
  ): Promise<Pick<Firing, 'firingId' | 'accountId' | 'ruleId' | 'subject' | 'at' | 'dueAt'>[]>;
  /** Writes them and wakes a worker at commit. One of the same rule, subject and cool-down bucket is not added again. */
  abstract add(firings: readonly (Firing & { bucket: number })[], within: Transaction): Promise<void>;
  /** Takes due firings for so long; a worker that dies gives them back by itself. At most one of an account. */
  abstract claim(limit: number, at: Date, until: Date): Promise<Firing[]>;
  /** Ends firings that still wait; gives those that this call ended. */
  abstract end(
    firings: readonly Pick<Firing, 'accountId' | 'firingId'>[],
    outcome: { state: 'raised' } | { state: 'dropped'; because: string },
    within?: Transaction,
  ): Promise<Set<FiringId>>;
  /** Gives claimed firings back, to be tried again from a time on. */
  abstract giveBack(firings: readonly Pick<Firing, 'accountId' | 'firingId'>[], from: Date): Promise<void>;
}
