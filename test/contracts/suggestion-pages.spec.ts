import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccountId, MemberId } from '../../src/catalogue/index.js';
import { managerOf, PostgresTransactions } from '../../src/database/index.js';
import type { Transaction } from '../../src/shared/index.js';
import type { SuggestionQuery } from '../../src/suggestions/index.js';
import { PostgresSuggestionBook } from '../../src/suggestions/suggestion-book.postgres.js';
import { PostgresSuggestionChanges } from '../../src/suggestions/suggestion-changes.postgres.js';
import { pageStatement } from '../../src/suggestions/suggestion-page.postgres.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** What Mia's accounts have, nearly all of it over; as much again belongs to accounts of nobody's. */
const ROWS = Number(process.env['SUGGESTION_ROWS'] ?? 30_000);
const ACCOUNTS = 100;
const LIMIT = 20;
const now = new Date('2026-03-02T09:00:00Z');

let test: TestDatabase;
let book: PostgresSuggestionBook;

beforeAll(async () => {
  test = await createTestDatabase();
  book = new PostgresSuggestionBook(test.database);
  await test.database.query(`insert into accounts (account_id, kind, mode, attributes, stub)
    select 'a' || n, 'company', 'assisted', '{}', false from generate_series(1, ${2 * ACCOUNTS}) as n`);
  await test.database.query(`insert into team_members (member_id, name, role, capacity)
    values ('mia', 'Mia', 'account-manager', '{}'), ('tom', 'Tom', 'account-manager', '{}')`);
  await test.database.query(`insert into account_team (account_id, member_id)
    select 'a' || n, 'mia' from generate_series(1, ${ACCOUNTS}) as n`);
  await test.database.query(
    `insert into suggestions (account_id, suggestion_id, decision_id, decided_at, question, contextual, rank, contact_id,
       channel_id, action_id, action_name, intent, purpose, product_ids, topics, role, member_id, slot_from, slot_to,
       time_zone, propensity, value, priority, state, verified_at, verified_epoch, verified_versions, created_at,
       changed_at, expires_at)
     select 'a' || 1 + n % ${2 * ACCOUNTS}, 's' || n, 'd' || n, $1, 'q', false, 1, 'c', 'visit', 'act', 'act', 'offer',
            'sales', '{}', '{}', 'account-manager', case when n % 5 = 0 then 'tom' else 'mia' end,
            $1::timestamptz + n * interval '1 second', $1::timestamptz + interval '30 days', 'UTC', 0.1, 10,
            (n % 1000 * 919) % 1000, case when n < ${20 * ACCOUNTS} then 'open' when n % 3 = 0 then 'dismissed' else 'superseded' end,
            $1, 0, '1.1', $1, $1, $1::timestamptz + interval '30 days'
       from generate_series(1, ${2 * ROWS}) as n`,
    [now],
  );
  await test.database.query('analyze suggestions');
}, 240_000);

afterAll(() => test.close());

type Asked = Omit<SuggestionQuery, 'limit' | 'at'>;
const mia = 'mia' as MemberId;
const lists: [string, Asked][] = [
  ['of her accounts', { seenBy: mia }],
  ['that stand', { seenBy: mia, state: 'open' }],
  ['that were dismissed', { seenBy: mia, state: 'dismissed' }],
  ['that she performs, or of her accounts', { memberId: mia }],
  ['that she performs, or of her accounts, to herself', { memberId: mia, seenBy: mia }],
];

interface Plan {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
}

/** Rows of suggestions that were looked at. */
function read(plan: Plan): number {
  const looked =
    plan['Actual Rows'] +
    (plan['Rows Removed by Filter'] ?? 0) +
    (plan['Rows Removed by Index Recheck'] ?? 0);
  const own = plan['Relation Name'] === 'suggestions' ? looked * plan['Actual Loops'] : 0;
  return own + (plan.Plans ?? []).reduce((sum, inner) => sum + read(inner), 0);
}

async function explained(query: Asked): Promise<{ rows: number; milliseconds: number }> {
  const { sql, values } = pageStatement({ ...query, limit: LIMIT, at: now });
  const [answer] = await test.database.query<{ 'QUERY PLAN': { Plan: Plan; 'Execution Time': number }[] }[]>(
    `explain (analyze, format json) ${sql}`,
    values,
  );
  const [plan] = answer?.['QUERY PLAN'] ?? [];
  if (!plan) throw new Error('no plan');
  return { rows: read(plan.Plan), milliseconds: plan['Execution Time'] };
}

/** All of them, sorted by hand. */
async function whole({ state, memberId, seenBy }: Asked): Promise<string[]> {
  const rows = await test.database.query<{ suggestion_id: string }[]>(
    `select suggestion_id from suggestions s
      where (s.member_id = $2 or exists (
              select from account_team t where t.account_id = s.account_id and t.member_id = 'mia'))
        and ($1::text is null or state = $1)
      order by priority desc, suggestion_id`,
    [state ?? null, seenBy === undefined ? memberId : null],
  );
  return rows.map((row) => row.suggestion_id);
}

describe('a page of the suggestions that a manager sees', () => {
  it.each(lists)('%s reads a few rows of each account, however many there are', async (_, query) => {
    const { rows } = await explained(query);
    expect(rows).toBeLessThan(2 * ACCOUNTS + 2 * 3 * (LIMIT + 1) ** 2);
  });

  it.each(lists)('%s is what the whole list begins with, and the next page goes on', async (_, query) => {
    const all = await whole(query);
    const page = await book.page({ ...query, limit: LIMIT, at: now });
    expect(page.map(({ suggestionId }) => suggestionId)).toEqual(all.slice(0, LIMIT + 1));
    const last = page[LIMIT - 1]!;
    const after = { key: last.priority, suggestionId: last.suggestionId };
    const next = await book.page({ ...query, after, limit: LIMIT, at: now });
    expect(next.map(({ suggestionId }) => suggestionId)).toEqual(all.slice(LIMIT, 2 * LIMIT + 1));
    expect((await explained({ ...query, after })).rows).toBeLessThan(ROWS / 2);
  });
});

describe('the accounts in which somebody works on suggestions', () => {
  it('are found without a look at what is only open', async () => {
    const changes = new PostgresSuggestionChanges(test.database);
    const everybody = Array.from({ length: 2 * ACCOUNTS }, (_, index) => `a${index + 1}` as AccountId);
    await test.database.query(
      `update suggestions set state = 'seen' where suggestion_id in ('s1', 's2', 's${2 * ACCOUNTS + 1}')`,
    );
    await new PostgresTransactions(test.database).run(async (within) => {
      const before = await tuplesRead(within);
      const seen = await changes.accountsWithSeen(everybody, now, within);
      expect([...seen].sort()).toEqual(['a2', 'a3']);
      expect((await tuplesRead(within)) - before).toBe(3);
    });
  });
});

/** Rows and index entries of suggestions that this transaction has read. */
async function tuplesRead(within: Transaction): Promise<number> {
  const [row] = await managerOf(within).query<{ read: string }[]>(
    `select seq_tup_read + idx_tup_fetch as read from pg_stat_xact_user_tables where relname = 'suggestions'`,
  );
  return Number(row?.read);
}

if (process.env['SUGGESTION_ROWS'] !== undefined) {
  it.each(lists)('%s: figures', async (name, query) => {
    await explained(query);
    process.stderr.write(`${name}: ${JSON.stringify(await explained(query))}\n`);
  });
}
