import type { AccountId, ContactId, MemberId } from '../catalogue/index.js';
import type { Id, Json, Transaction } from '../shared/index.js';

export type EventId = Id<'event'>;

/**
 * Properties of an event. The named ones are known to features, touches and rules, and are filled from Segment's own
 * fields and from the catalogue when the event is taken in, so that a rebuild from the log sees the same.
 */
export interface EventProperties {
  [other: string]: Json | undefined;
  channel?: string;
  productId?: string;
  productIds?: string[];
  topic?: string;
  topics?: string[];
  contentId?: string;
  actionId?: string;
  treatmentId?: string;
  conversationId?: string;
  /** −1 to 1. */
  sentiment?: number;
  value?: number;
  touchId?: string;
  role?: string;
  purpose?: string;
  stage?: string;
  /** The browser that told it asks for Global Privacy Control. */
  globalPrivacyControl?: boolean;
}

/** How an event came: only `live` ones fire triggers. */
export type EventOrigin = 'live' | 'import' | 'replay' | 'joined';

/** An event as it stands in the log of its account. */
export interface AccountEvent {
  eventId: EventId;
  source: string;
  messageId: string;
  name: string;
  accountId: AccountId;
  contactId: ContactId | null;
  anonymousId: string | null;
  memberId: MemberId | null;
  /** When it happened, by the sender's clock corrected for skew. */
  occurredAt: Date;
  /** When we took it in; imports set it to occurredAt unless they carry one. */
  recordedAt: Date;
  properties: EventProperties;
  origin: EventOrigin;
  /** Told by a public write key: it folds, and as an outcome earns no credit. Absent: false. */
  fromBrowser?: boolean;
}

/** What happened, by account. */
export abstract class EventLog {
  /** Every event of the accounts before `until`, by account, then occurredAt, then eventId. */
  abstract ofAccounts(
    accountIds: readonly AccountId[],
    until?: Date,
    within?: Transaction,
  ): Promise<Map<AccountId, AccountEvent[]>>;
  abstract byIds(accountId: AccountId, eventIds: readonly EventId[]): Promise<AccountEvent[]>;
  /** For each account asked, in order: its newest events of the names (null: of any), newest first. */
  abstract newest(
    asked: readonly { accountId: AccountId; names: readonly string[] | null }[],
    limit: number,
  ): Promise<AccountEvent[][]>;
  /** Newest first. */
  abstract page(
    accountId: AccountId,
    query: { names?: readonly string[]; before?: { occurredAt: Date; eventId: EventId }; limit: number },
  ): Promise<AccountEvent[]>;
  /**
   * Adds events of locked accounts. Text that PostgreSQL cannot hold (null characters, half surrogates) is replaced in
   * the events themselves. Gives the ids of those that were in the log already (sent again after the ledger forgot
   * them): the state of their accounts has them.
   */
  abstract append(events: readonly AccountEvent[], within: Transaction): Promise<Set<EventId>>;
}
