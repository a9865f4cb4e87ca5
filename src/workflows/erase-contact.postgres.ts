import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { type ErasedRows, PersonalRecords, type ToErase } from './erase-contact.js';

/** $1: her id; $2: the accounts that hold anything of hers; $3: names as they stand in JSON, in quotes. */
const HERS = 'contact_id = $1 and account_id = any($2)';
const NAMED = (column: string): string =>
  `exists (select from unnest($3) as name where position(name in ${column}::text) > 0)`;
const HERS_IN = (column: string): string => `account_id = any($2) and ${NAMED(column)}`;

/** Records of hers that are named elsewhere by an id of their own. */
const NAMED_BY = [
  ['suggestions', 'suggestion_id'],
  ['responses', 'response_id'],
  ['tasks', 'task_id'],
  ['touches', 'touch_id'],
  ['alerts', 'alert_id'],
  ['consent_facts', 'consent_id'],
] as const;

/** Rows that go, in this order: what is found through others comes before them. */
const GONE: readonly { table: string; where: string }[] = [
  { table: 'touch_plans', where: `touch_id in (select touch_id from touches where ${HERS})` },
  {
    table: 'anonymous_events',
    where: 'anonymous_id in (select anonymous_id from anonymous_links where contact_id = $1)',
  },
  { table: 'anonymous_links', where: 'contact_id = $1' },
  { table: 'trait_writes', where: 'record_id = $1' },
  { table: 'event_quarantine', where: NAMED('item') },
  { table: 'idempotency_keys', where: NAMED('body') },
  { table: 'outbox', where: HERS_IN('data') },
  { table: 'stream_entries', where: HERS_IN('data') },
  { table: 'webhook_messages', where: HERS_IN('data') },
  {
    table: 'push_deliveries',
    where: `account_id = any($2) and subject_id in (select alert_id from alerts where ${HERS})`,
  },
  // of others, too: doubles name each other, and digests what they were about
  { table: 'published_insights', where: NAMED('grounds') },
  { table: 'digests', where: NAMED('entries') },
  { table: 'visits', where: HERS_IN('answer') },
  { table: 'shadow_decisions', where: HERS_IN('ranking') },
  { table: 'open_questions', where: 'account_id = any($2)' },
  ...[
    'events',
    'touches',
    'threads',
    'quotes',
    'consent_facts',
    'consent_confirmations',
    'suggestions',
    'responses',
    'tasks',
    'trials',
    'outcomes',
    'alerts',
    'trigger_firings',
    'contacts',
  ].map((table) => ({ table, where: HERS })),
];

/** Tables of an account that is a person: there is nobody left whose account it could be. */
const PERSON = [
  'events',
  'outcomes',
  'outcome_inbox',
  'tasks',
  'alerts',
  'trigger_firings',
  'published_insights',
  'decision_effects',
  'shadow_decisions',
  'account_state',
  'accounts',
];

export class PostgresPersonalRecords extends PersonalRecords {
  async accountsWith({ contactId, accountId }: ToErase, within: Transaction): Promise<string[]> {
    const rows = await managerOf(within).query<{ account_id: string }[]>(
      `select account_id from account_state
        where account_id = $2 or account_id in (select account_id from consent_facts where contact_id = $1)`,
      [contactId, accountId],
    );
    return rows.map((row) => row.account_id);
  }

  async namesOf(
    { contactId }: ToErase,
    accountIds: readonly string[],
    within: Transaction,
  ): Promise<string[]> {
    const ids = NAMED_BY.map(([table, id]) => `select ${id} as name from ${table} where ${HERS}`);
    const rows = await managerOf(within).query<{ name: string }[]>(ids.join(' union '), [
      contactId,
      accountIds,
    ]);
    return [contactId, ...rows.map(({ name }) => name)];
  }

  async erase(
    { contactId, accountId }: ToErase,
    { accountIds, names }: { accountIds: readonly string[]; names: readonly string[] },
    within: Transaction,
  ): Promise<ErasedRows> {
    const manager = managerOf(within);
    const values = [contactId, accountIds, names.map((name) => JSON.stringify(name))];
    const erased: ErasedRows = {};
    const count = (table: string, rows: number): void => {
      if (rows > 0) erased[table] = (erased[table] ?? 0) + rows;
    };
    // the one reason for which the ledger of consent gives rows away
    await manager.query(`select set_config('nba.erasing', 'on', true)`);
    for (const { table, where } of GONE) {
      // every statement has all three values, whether or not it needs them
      const [rows] = await manager.query<[unknown[], number]>(
        `with given as (select $1::text, $2::text[], $3::text[])
         delete from ${table} where ${where} returning 1`,
        values,
      );
      count(table, rows.length);
    }
    if (contactId !== (accountId as string)) return erased;
    for (const table of PERSON) {
      const [rows] = await manager.query<[unknown[], number]>(
        `delete from ${table} where account_id = $1 returning 1`,
        [accountId],
      );
      count(table, rows.length);
    }
    return erased;
  }
}
