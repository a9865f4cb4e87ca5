import type { AccountId, ContactId, ContactMove } from '../../catalogue/index.js';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import type { EventId } from '../event.js';
import type { IncomingItem } from '../incoming.js';
import { mayBeUnstorable, storable } from '../storable.js';
import {
  type AnonymousItem,
  type AnonymousLink,
  type ContactHome,
  type Homes,
  IdentityStore,
} from './identity-store.js';
import { moveRows } from './move-rows.postgres.js';

interface HomeRow {
  contact_id: ContactId | null;
  account_id: AccountId;
  time_zone: string | null;
  provisional: boolean;
}

interface LinkRow {
  anonymous_id: string;
  contact_id: ContactId | null;
}

interface KeptRow {
  anonymous_id: string;
  event_id: EventId;
  recorded_at: Date;
  recorded_by: string;
  from_browser: boolean;
  item: Omit<IncomingItem, 'occurredAt' | 'recordedAt'> & { occurredAt: string };
}

const HOMES = `
  select c.contact_id, c.account_id, coalesce(c.time_zone, a.time_zone) as time_zone,
         a.stub and c.stub and c.contact_id = c.account_id
           and not exists (select from account_team t where t.account_id = a.account_id)
           and not exists (select from contacts o where o.account_id = a.account_id and o.contact_id <> c.contact_id) as provisional
    from contacts c join accounts a on a.account_id = c.account_id
   where c.contact_id = any($1)
  union all
  select null, account_id, time_zone, false from accounts where account_id = any($2)`;

export class PostgresIdentityStore extends IdentityStore {
  async homes(
    contactIds: readonly ContactId[],
    accountIds: readonly AccountId[],
    within: Transaction,
  ): Promise<Homes> {
    const homes: Homes = { contacts: new Map(), accounts: new Map() };
    if (contactIds.length + accountIds.length === 0) return homes;
    for (const row of await managerOf(within).query<HomeRow[]>(HOMES, [contactIds, accountIds])) {
      if (row.contact_id === null) {
        homes.accounts.set(row.account_id, { timeZone: row.time_zone });
        continue;
      }
      const home: ContactHome = {
        accountId: row.account_id,
        timeZone: row.time_zone,
        provisional: row.provisional,
      };
      homes.contacts.set(row.contact_id, home);
    }
    return homes;
  }

  async linked(ids: readonly string[], hold: boolean, within: Transaction): Promise<Map<string, ContactId>> {
    if (ids.length === 0) return new Map();
    const manager = managerOf(within);
    const sorted = [...new Set(ids)].sort();
    if (hold) {
      await manager.query(
        'insert into anonymous_links (anonymous_id) select unnest($1::text[]) on conflict do nothing',
        [sorted],
      );
    }
    const rows = await manager.query<LinkRow[]>(
      `select anonymous_id, contact_id from anonymous_links where anonymous_id = any($1)
       ${hold ? 'order by anonymous_id for update' : ''}`,
      [sorted],
    );
    return new Map(
      rows.flatMap((row) => (row.contact_id === null ? [] : [[row.anonymous_id, row.contact_id]])),
    );
  }

  async link(links: readonly AnonymousLink[], at: Date, within: Transaction): Promise<AnonymousItem[]> {
    if (links.length === 0) return [];
    const manager = managerOf(within);
    const ids = links.map((link) => link.anonymousId);
    await manager.query(
      `update anonymous_links l set contact_id = n.contact_id, linked_at = $3
         from unnest($1::text[], $2::text[]) as n(anonymous_id, contact_id)
        where l.anonymous_id = n.anonymous_id`,
      [ids, links.map((link) => link.contactId), at],
    );
    const [rows] = await manager.query<[KeptRow[], number]>(
      `delete from anonymous_events where anonymous_id = any($1)
       returning anonymous_id, event_id, recorded_at, recorded_by, from_browser, item`,
      [ids],
    );
    return rows.map((row) => ({
      anonymousId: row.anonymous_id,
      eventId: row.event_id,
      recordedAt: row.recorded_at,
      recordedBy: row.recorded_by,
      fromBrowser: row.from_browser,
      item: { ...row.item, occurredAt: new Date(row.item.occurredAt) } as IncomingItem,
    }));
  }

  async keep(items: readonly AnonymousItem[], within: Transaction): Promise<void> {
    if (items.length === 0) return;
    const rows = items.map((kept) => ({
      anonymous_id: kept.anonymousId,
      event_id: kept.eventId,
      recorded_at: kept.recordedAt,
      item: kept.item,
      from_browser: kept.fromBrowser,
      recorded_by: kept.recordedBy,
    }));
    const text = JSON.stringify(rows);
    await managerOf(within).query(
      `insert into anonymous_events
       select * from json_populate_recordset(null::anonymous_events, $1) on conflict do nothing`,
      [mayBeUnstorable(text) ? JSON.stringify(storable(JSON.parse(text))) : text],
    );
  }

  async move(moves: readonly ContactMove[], within: Transaction): Promise<void> {
    if (moves.length > 0) await moveRows(managerOf(within), moves);
  }

  async settle(moves: readonly ContactMove[], within: Transaction): Promise<void> {
    if (moves.length === 0) return;
    const manager = managerOf(within);
    const from = moves.map((move) => move.from);
    await manager.query(
      `update contacts c set account_id = m.to_id from unnest($1::text[], $2::text[]) as m(contact_id, to_id)
        where c.contact_id = m.contact_id`,
      [moves.map((move) => move.contactId), moves.map((move) => move.to)],
    );
    // the row of account_state stays: were its sequence to begin anew, what others remember of it would seem true
    await manager.query('delete from accounts where account_id = any($1) and stub', [from]);
  }
}
