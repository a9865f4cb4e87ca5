import type { DataSource } from 'typeorm';
import type { AccountId, ContactId, MemberId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import {
  type AccountEvent,
  type EventId,
  EventLog,
  type EventOrigin,
  type EventProperties,
} from './event.js';
import { mayBeUnstorable, storable } from './storable.js';

interface Row {
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

const COLUMNS = `account_id, occurred_at, event_id, recorded_at, name, contact_id, anonymous_id, member_id,
                 source, message_id, origin, from_browser, properties`;

const read = (row: Row): AccountEvent => ({
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

const write = (event: AccountEvent) => ({
  account_id: event.accountId,
  occurred_at: event.occurredAt,
  event_id: event.eventId,
  recorded_at: event.recordedAt,
  name: event.name,
  contact_id: event.contactId,
  anonymous_id: event.anonymousId,
  member_id: event.memberId,
  source: event.source,
  message_id: event.messageId,
  origin: event.origin,
  from_browser: event.fromBrowser ?? false,
  properties: event.properties,
});

export class PostgresEventLog extends EventLog {
  constructor(private readonly database: DataSource) {
    super();
  }

  async ofAccounts(
    accountIds: readonly AccountId[],
    until?: Date,
    within?: Transaction,
  ): Promise<Map<AccountId, AccountEvent[]>> {
    const over = within ? managerOf(within) : this.database;
    const rows = await over.query<Row[]>(
      `select ${COLUMNS} from events
        where account_id = any($1) and occurred_at < coalesce($2::timestamptz, 'infinity')
        order by account_id, occurred_at, event_id`,
      [accountIds, until ?? null],
    );
    const found = new Map<AccountId, AccountEvent[]>();
    for (const event of rows.map(read)) {
      const list = found.get(event.accountId);
      if (list) list.push(event);
      else found.set(event.accountId, [event]);
    }
    return found;
  }

  async byIds(accountId: AccountId, eventIds: readonly EventId[]): Promise<AccountEvent[]> {
    const rows = await this.database.query<Row[]>(
      `select ${COLUMNS} from events where account_id = $1 and event_id = any($2) order by occurred_at, event_id`,
      [accountId, eventIds],
    );
    return rows.map(read);
  }

  async page(
    accountId: AccountId,
    query: { names?: readonly string[]; before?: { occurredAt: Date; eventId: EventId }; limit: number },
  ): Promise<AccountEvent[]> {
    const rows = await this.database.query<Row[]>(
      `select ${COLUMNS} from events
        where account_id = $1 and ($2::text[] is null or name = any($2))
          and ($3::timestamptz is null or (occurred_at, event_id) < ($3, $4::uuid))
        order by occurred_at desc, event_id desc limit $5`,
      [
        accountId,
        query.names ?? null,
        query.before?.occurredAt ?? null,
        query.before?.eventId ?? null,
        query.limit,
      ],
    );
    return rows.map(read);
  }

  async append(events: readonly AccountEvent[], within: Transaction): Promise<Set<EventId>> {
    if (events.length === 0) return new Set();
    const inserted = await managerOf(within).query<{ event_id: string }[]>(
      `insert into events (${COLUMNS})
       select ${COLUMNS} from json_populate_recordset(null::events, $1) on conflict do nothing returning event_id`,
      [rowsOf(events)],
    );
    if (inserted.length === events.length) return new Set();
    const added = new Set(inserted.map((row) => row.event_id));
    return new Set(events.map((event) => event.eventId).filter((id) => !added.has(id)));
  }
}

function rowsOf(events: readonly AccountEvent[]): string {
  const rows = JSON.stringify(events.map(write));
  if (!mayBeUnstorable(rows)) return rows;
  for (const event of events) {
    event.properties = storable(event.properties as never) as EventProperties;
    event.name = storable(event.name);
  }
  return JSON.stringify(events.map(write));
}
