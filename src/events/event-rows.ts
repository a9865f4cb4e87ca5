import type { AccountId, ContactId, MemberId } from '../catalogue/index.js';
import type { AccountEvent, EventId, EventOrigin, EventProperties } from './event.js';

/** An event as its row holds it. */
export interface EventRow {
  account_id: string;
  occurred_at: Date;
  event_id: string;
  recorded_at: Date;
  name: string;
  contact_id: string | null;
  anonymous_id: string | null;
  member_id: string | null;
  source: string;
  message_id: string;
  origin: string;
  from_browser: boolean;
  properties: EventProperties;
}

/** The columns that `eventFrom` reads, for whoever selects from `events`. */
export const EVENT_COLUMNS = `account_id, occurred_at, event_id, recorded_at, name, contact_id, anonymous_id, member_id,
  source, message_id, origin, from_browser, properties`;

export const eventFrom = (row: EventRow): AccountEvent => ({
  eventId: row.event_id as EventId,
  source: row.source,
  messageId: row.message_id,
  name: row.name,
  accountId: row.account_id as AccountId,
  contactId: row.contact_id as ContactId | null,
  anonymousId: row.anonymous_id,
  memberId: row.member_id as MemberId | null,
  occurredAt: row.occurred_at,
  recordedAt: row.recorded_at,
  properties: row.properties,
  origin: row.origin as EventOrigin,
  ...(row.from_browser ? { fromBrowser: true } : {}),
});

/** A row of `EVENT_COLUMNS` as the database writes it into JSON: of many, all at once, read in a part of the time. */
export type EventJson = Omit<EventRow, 'occurred_at' | 'recorded_at'> & {
  occurred_at: string;
  recorded_at: string;
};

export const eventFromJson = (row: EventJson): AccountEvent =>
  eventFrom({ ...row, occurred_at: new Date(row.occurred_at), recorded_at: new Date(row.recorded_at) });
