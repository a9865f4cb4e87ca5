import type { DataSource } from 'typeorm';
import type { AccountId } from '../../catalogue/index.js';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import type { AccountInsight } from './insight.js';
import { type Publication, type PublishedInsight, PublishedInsights } from './published-insights.js';

const PUT = `
  insert into published_insights (account_id, insight, version, computed_at, purchases, numbers, grounds)
  select account_id, $1, $2, $3, purchases, numbers, grounds
    from unnest($4::text[], $5::int[], $6::json[], $7::json[]) as p(account_id, purchases, numbers, grounds)
  on conflict (account_id, insight) do update
    set version = excluded.version, computed_at = excluded.computed_at, purchases = excluded.purchases,
        numbers = excluded.numbers, grounds = excluded.grounds`;

const RECORD = `
  insert into insight_publications (insight, version, as_of, computed_at, accounts, purchases)
  values ($1, $2, $3, $4, $5, $6)
  on conflict (insight) do update
    set version = excluded.version, as_of = excluded.as_of, computed_at = excluded.computed_at,
        accounts = excluded.accounts, purchases = excluded.purchases`;

export class PostgresPublishedInsights extends PublishedInsights {
  constructor(private readonly database: DataSource) {
    super();
  }

  async put(
    { insight, version, computedAt }: Pick<Publication, 'insight' | 'version' | 'computedAt'>,
    accounts: readonly AccountInsight[],
    within: Transaction,
  ): Promise<void> {
    if (accounts.length === 0) return;
    await managerOf(within).query(PUT, [
      insight,
      version,
      computedAt,
      accounts.map(({ accountId }) => accountId),
      accounts.map(({ purchases }) => purchases),
      accounts.map(({ numbers }) => JSON.stringify(numbers)),
      accounts.map(({ grounds }) => (grounds ? JSON.stringify(grounds) : null)),
    ]);
  }

  async complete(
    { insight, version, asOf, computedAt, accounts, purchases }: Publication,
    within: Transaction,
  ): Promise<void> {
    const manager = managerOf(within);
    await manager.query('delete from published_insights where insight = $1 and computed_at < $2', [
      insight,
      computedAt,
    ]);
    await manager.query(RECORD, [insight, version, asOf, computedAt, accounts, purchases]);
  }

  async of(
    accountIds: readonly AccountId[],
    within?: Transaction,
  ): Promise<Map<AccountId, PublishedInsight[]>> {
    if (accountIds.length === 0) return new Map();
    const over = within ? managerOf(within) : this.database;
    const rows = await over.query<
      (Omit<PublishedInsight, 'grounds'> & {
        accountId: AccountId;
        grounds: PublishedInsight['grounds'] | null;
      })[]
    >(
      `select account_id as "accountId", insight, version, computed_at as "computedAt", purchases, numbers, grounds
         from published_insights where account_id = any($1) order by account_id, insight`,
      [accountIds],
    );
    const found = new Map<AccountId, PublishedInsight[]>();
    for (const { accountId, grounds, ...insight } of rows) {
      const own = found.get(accountId) ?? [];
      found.set(accountId, own);
      own.push({ ...insight, grounds: grounds ?? {} });
    }
    return found;
  }

  async publications(): Promise<Publication[]> {
    return this.database.query<Publication[]>(
      `select insight, version, as_of as "asOf", computed_at as "computedAt", accounts, purchases
         from insight_publications order by insight`,
    );
  }

  async lock(within: Transaction): Promise<boolean> {
    const [row] = await managerOf(within).query<{ locked: boolean }[]>(
      `select pg_try_advisory_xact_lock(hashtext('publish-insights')) as locked`,
    );
    return row?.locked === true;
  }
}
