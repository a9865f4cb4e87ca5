import type { DataSource } from 'typeorm';
import type { AccountId, ContactId, MemberId, ProductId } from '../catalogue/index.js';
import { prepared } from '../database/index.js';
import type { EventProperties } from './event.js';
import { type Telling, Tellings } from './tellings.js';
import { touchEvents } from './touches/touch.js';

const NAMES = [...Object.keys(touchEvents), 'Question Answered', 'Quote Given'];
/** Of one account. */
const AT_MOST = 50;

interface Row {
  account_id: string;
  event_id: string;
  occurred_at: Date;
  name: string;
  contact_id: string | null;
  member_id: string | null;
  properties: EventProperties;
}

const TELLINGS = {
  name: 'tellings',
  text: `
    with asked as materialized (select $1::text[] as accounts, $2::timestamptz as since, $3::text[] as names)
    select told.* from asked cross join unnest(asked.accounts) as a(account_id)
     cross join lateral (
       select account_id, event_id::text as event_id, occurred_at, name, contact_id, member_id, properties
         from events where account_id = a.account_id and occurred_at >= asked.since and name = any(asked.names)
        order by occurred_at desc, event_id limit ${AT_MOST}) told`,
};

export class PostgresTellings extends Tellings {
  constructor(private readonly database: DataSource) {
    super();
  }

  async of(accountIds: readonly AccountId[], since: Date): Promise<Map<AccountId, Telling[]>> {
    if (accountIds.length === 0) return new Map();
    const rows = await prepared<Row>(this.database, TELLINGS, [[...new Set(accountIds)], since, NAMES]);
    const found = new Map<AccountId, Telling[]>();
    for (const row of rows) {
      const accountId = row.account_id as AccountId;
      const own = found.get(accountId);
      if (own) own.push(tellingFrom(row));
      else found.set(accountId, [tellingFrom(row)]);
    }
    return found;
  }
}

function tellingFrom({ properties, ...row }: Row): Telling {
  return {
    eventId: row.event_id,
    name: row.name,
    at: row.occurred_at,
    contactId: row.contact_id as ContactId | null,
    memberId: row.member_id as MemberId | null,
    channelId: properties.channel ?? touchEvents[row.name] ?? null,
    topics: properties.topics ?? (properties.topic === undefined ? [] : [properties.topic]),
    productIds: (properties.productIds ??
      (properties.productId === undefined ? [] : [properties.productId])) as ProductId[],
    properties,
  };
}
