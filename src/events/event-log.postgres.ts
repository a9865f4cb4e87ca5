import type { DataSource } from 'typeorm';
import type { AccountId } from '../catalogue/index.js';
import { managerOf, prepared } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { type AccountEvent, type EventId, EventLog, type EventProperties } from './event.js';
import { EVENT_COLUMNS, eventFrom, eventFromJson, type EventJson, type EventRow } from './event-rows.js';
import { mayBeUnstorable, storable } from './storable.js';

/** One array a column: half the cost of a list of objects. Times are Unix milliseconds. */
const APPEND = `
  insert into events (account_id, occurred_at, event_id, recorded_at, name, contact_id, anonymous_id, member_id,
                      source, message_id, origin, from_browser, properties)
  select account_id, to_timestamp(occurred / 1000), event_id, to_timestamp(recorded / 1000), name, contact_id,
         anonymous_id, member_id, source, message_id, origin, from_browser, properties
    from unnest($1::text[], $2::float8[], $3::uuid[], $4::float8[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::text[], $12::bool[], $13::jsonb[])
      as e(account_id, occurred, event_id, recorded, name, contact_id, anonymous_id, member_id,
           source, message_id, origin, from_browser, properties)
  on conflict do nothing`;

const NEWEST = {
  name: 'newest-events-of-accounts',
  text: `
    select asked.place, found.events
      from rows from (jsonb_to_recordset($1::jsonb) as (account_id text, names text[]))
           with ordinality as asked(account, names, place)
     cross join lateral (
       select json_agg(e order by occurred_at desc, event_id desc) as events
         from (select ${EVENT_COLUMNS} from events
                where account_id = asked.account and (asked.names is null or name = any(asked.names))
                order by occurred_at desc, event_id desc limit (select $2::int)) e) found`,
};

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
    const rows = await over.query<EventRow[]>(
      `select ${EVENT_COLUMNS} from events
        where account_id = any($1) and occurred_at < coalesce($2::timestamptz, 'infinity')
        order by account_id, occurred_at, event_id`,
      [accountIds, until ?? null],
    );
    const found = new Map<AccountId, AccountEvent[]>();
    for (const event of rows.map(eventFrom)) {
      const list = found.get(event.accountId);
      if (list) list.push(event);
      else found.set(event.accountId, [event]);
    }
    return found;
  }

  async byIds(accountId: AccountId, eventIds: readonly EventId[]): Promise<AccountEvent[]> {
    const rows = await this.database.query<EventRow[]>(
      `select ${EVENT_COLUMNS} from events where account_id = $1 and event_id = any($2) order by occurred_at, event_id`,
      [accountId, eventIds],
    );
    return rows.map(eventFrom);
  }

  async newest(
    asked: readonly { accountId: AccountId; names: readonly string[] | null }[],
    limit: number,
  ): Promise<AccountEvent[][]> {
    const found = asked.map((): AccountEvent[] => []);
    if (asked.length === 0) return found;
    const given = JSON.stringify(asked.map(({ accountId, names }) => ({ account_id: accountId, names })));
    type Row = { place: string; events: EventJson[] | null };
    for (const { place, events } of await prepared<Row>(this.database, NEWEST, [given, limit]))
      if (events) found[Number(place) - 1] = events.map(eventFromJson);
    return found;
  }

  async page(
    accountId: AccountId,
    query: { names?: readonly string[]; before?: { occurredAt: Date; eventId: EventId }; limit: number },
  ): Promise<AccountEvent[]> {
    const rows = await this.database.query<EventRow[]>(
      `select ${EVENT_COLUMNS} from events
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
    return rows.map(eventFrom);
  }

  async append(events: readonly AccountEvent[], within: Transaction): Promise<Set<EventId>> {
    if (events.length === 0) return new Set();
    const inserted = await managerOf(within).query<{ event_id: string }[]>(
      `${APPEND} returning event_id`,
      columnsOf(events),
    );
    if (inserted.length === events.length) return new Set();
    const added = new Set(inserted.map((row) => row.event_id));
    return new Set(events.map((event) => event.eventId).filter((id) => !added.has(id)));
  }
}

function columnsOf(events: readonly AccountEvent[]): unknown[] {
  const of = <Value>(value: (event: AccountEvent) => Value): Value[] => events.map(value);
  const properties = events.map(storedProperties);
  return [
    of((event) => event.accountId),
    of((event) => event.occurredAt.getTime()),
    of((event) => event.eventId),
    of((event) => event.recordedAt.getTime()),
    of((event) => event.name),
    of((event) => event.contactId),
    of((event) => event.anonymousId),
    of((event) => event.memberId),
    of((event) => event.source),
    of((event) => event.messageId),
    of((event) => event.origin),
    of((event) => event.fromBrowser ?? false),
    properties,
  ];
}

/** JSON text that can be stored; where something had to be replaced, in the event too. */
function storedProperties(event: AccountEvent): string {
  const text = JSON.stringify(event.properties);
  if (!mayBeUnstorable(text)) return text;
  event.properties = storable(event.properties as never) as EventProperties;
  return JSON.stringify(event.properties);
}
