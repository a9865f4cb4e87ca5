import type { DataSource } from 'typeorm';
import type { AccountId } from '../../catalogue/index.js';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import { type GivenQuote, type Thread, type ThreadChange, ThreadLog } from './thread-log.js';

/** Postgres refuses to update a row twice in one statement, so changes of the same thread are joined first. */
function joined(changes: readonly ThreadChange[]): (ThreadChange & { lastOpenedAt: Date | null })[] {
  const threads = new Map<string, ThreadChange & { lastOpenedAt: Date | null }>();
  for (const change of changes) {
    const key = JSON.stringify([change.accountId, change.conversationId, change.kind, change.contactId]);
    const known = threads.get(key);
    if (!known) {
      threads.set(key, { ...change, lastOpenedAt: change.openedAt });
      continue;
    }
    known.openedAt = outer(known.openedAt, change.openedAt, Math.min);
    known.lastOpenedAt = outer(known.lastOpenedAt, change.openedAt, Math.max);
    known.closedAt = outer(known.closedAt, change.closedAt, Math.max);
    known.topics = [...new Set([...known.topics, ...change.topics])].sort();
  }
  return [...threads.values()];
}

function outer(a: Date | null, b: Date | null, which: (...times: number[]) => number): Date | null {
  if (a === null || b === null) return a ?? b;
  return new Date(which(a.getTime(), b.getTime()));
}

export class PostgresThreadLog extends ThreadLog {
  constructor(private readonly database: DataSource) {
    super();
  }

  private over(within: Transaction | undefined) {
    return within ? managerOf(within) : this.database;
  }

  async apply(changes: readonly ThreadChange[], within: Transaction): Promise<void> {
    if (changes.length === 0) return;
    const rows = joined(changes).map((thread) => ({
      account_id: thread.accountId,
      conversation_id: thread.conversationId,
      kind: thread.kind,
      contact_id: thread.contactId ?? '',
      topics: thread.topics,
      opened_at: thread.openedAt,
      last_opened_at: thread.lastOpenedAt,
      closed_at: thread.closedAt,
    }));
    await managerOf(within).query(
      `insert into threads
       select * from json_populate_recordset(null::threads, $1)
       on conflict (account_id, conversation_id, kind, contact_id) do update set
         topics = (select coalesce(array_agg(distinct topic order by topic), '{}')
                     from unnest(threads.topics || excluded.topics) as topic),
         opened_at = least(threads.opened_at, excluded.opened_at),
         last_opened_at = greatest(threads.last_opened_at, excluded.last_opened_at),
         closed_at = greatest(threads.closed_at, excluded.closed_at)`,
      [JSON.stringify(rows)],
    );
  }

  async quote(quotes: readonly GivenQuote[], within: Transaction): Promise<void> {
    if (quotes.length === 0) return;
    const rows = quotes.map((quote) => ({
      account_id: quote.accountId,
      product_id: quote.productId,
      event_id: quote.eventId,
      contact_id: quote.contactId,
      price: quote.price,
      discount: quote.discount,
      quoted_at: quote.quotedAt,
      valid_until: quote.validUntil,
    }));
    await managerOf(within).query(
      `insert into quotes select * from json_populate_recordset(null::quotes, $1) on conflict do nothing`,
      [JSON.stringify(rows)],
    );
  }

  async openAt(
    accountIds: readonly AccountId[],
    at: Date,
    within?: Transaction,
  ): Promise<Map<AccountId, Thread[]>> {
    const rows = await this.over(within).query<Thread[]>(
      `select account_id as "accountId", conversation_id as "conversationId", kind, contact_ids as "contactIds", topics,
              case when closed_at < last_opened_at then last_opened_at else opened_at end as "openedAt",
              case when closed_at >= last_opened_at then closed_at end as "closedAt"
         from whole_threads
        where account_id = any($1) and opened_at <= $2
          and (closed_at is null or closed_at < last_opened_at or closed_at > $2)
        order by opened_at, conversation_id`,
      [accountIds, at],
    );
    return byAccount(rows);
  }

  async quotesSince(
    accountIds: readonly AccountId[],
    from: Date,
    within?: Transaction,
  ): Promise<Map<AccountId, GivenQuote[]>> {
    const rows = await this.over(within).query<GivenQuote[]>(
      `select account_id as "accountId", product_id as "productId", event_id as "eventId", contact_id as "contactId",
              price, discount, quoted_at as "quotedAt", valid_until as "validUntil"
         from quotes
        where account_id = any($1) and (quoted_at >= $2 or valid_until >= $2)
        order by quoted_at, event_id`,
      [accountIds, from],
    );
    return byAccount(rows);
  }
}

function byAccount<Row extends { accountId: AccountId }>(rows: readonly Row[]): Map<AccountId, Row[]> {
  const found = new Map<AccountId, Row[]>();
  for (const row of rows) {
    const list = found.get(row.accountId);
    if (list) list.push(row);
    else found.set(row.accountId, [row]);
  }
  return found;
}
