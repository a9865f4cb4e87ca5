import type { DataSource } from 'typeorm';
import { AccountCensus, type Census } from './account-census.js';

/** Above so many accounts nobody compares stamps: then the count is an estimate, and the stamp empty. */
const COUNTED = 10_000;

export class PostgresAccountCensus extends AccountCensus {
  constructor(private readonly database: DataSource) {
    super();
  }

  async take(): Promise<Census> {
    const [size] = await this.database.query<{ estimate: string }[]>(
      `select reltuples::bigint as estimate from pg_class where oid = 'account_state'::regclass`,
    );
    const estimate = Number(size?.estimate ?? 0);
    if (estimate > COUNTED) return { accounts: estimate, stamp: '' };
    // the transactions that last wrote the accounts, and how often each account's state moved on
    const [row] = await this.database.query<{ accounts: string; moved: string; written: string }[]>(
      `select count(*) as accounts, coalesce(sum(state_sequence), 0) as moved,
              (select coalesce(sum(xmin::text::bigint), 0) from accounts) as written
         from account_state`,
    );
    return { accounts: Number(row?.accounts ?? 0), stamp: `${row?.accounts}/${row?.moved}/${row?.written}` };
  }
}
