import type { DataSource } from 'typeorm';
import type { AccountId } from '../../catalogue/index.js';
import { DoublesBook, type FoundDoubles } from './doubles-book.js';

interface Row {
  account_id: AccountId;
  as_of: Date;
  basis: FoundDoubles['basis'];
  doubles: FoundDoubles['doubles'];
  evidence: FoundDoubles['evidence'];
}

const RUN = 'doubles';

export class PostgresDoublesBook extends DoublesBook {
  constructor(private readonly database: DataSource) {
    super();
  }

  async save(found: readonly FoundDoubles[]): Promise<void> {
    if (found.length === 0) return;
    await this.database.query(
      `insert into account_doubles (account_id, as_of, basis, doubles, evidence)
       select * from unnest($1::text[], $2::timestamptz[], $3::jsonb[], $4::jsonb[], $5::jsonb[])
       on conflict (account_id) do update
         set as_of = excluded.as_of, basis = excluded.basis, doubles = excluded.doubles, evidence = excluded.evidence`,
      [
        found.map(({ accountId }) => accountId),
        found.map(({ asOf }) => asOf),
        found.map(({ basis }) => JSON.stringify(basis)),
        found.map(({ doubles }) => JSON.stringify(doubles)),
        found.map(({ evidence }) => JSON.stringify(evidence)),
      ],
    );
  }

  async of(accountIds: readonly AccountId[]): Promise<Map<AccountId, FoundDoubles>> {
    const rows = await this.database.query<Row[]>(
      'select account_id, as_of, basis, doubles, evidence from account_doubles where account_id = any($1)',
      [accountIds],
    );
    return new Map(
      rows.map(({ account_id: accountId, as_of: asOf, basis, doubles, evidence }) => [
        accountId,
        { accountId, asOf, basis, doubles, evidence },
      ]),
    );
  }

  async lastRun(): Promise<Date | null> {
    const [row] = await this.database.query<{ as_of: Date }[]>(
      'select as_of from insight_runs where name = $1',
      [RUN],
    );
    return row?.as_of ?? null;
  }

  async ran(asOf: Date): Promise<void> {
    await this.database.query('delete from account_doubles where as_of < $1', [asOf]);
    await this.database.query(
      'insert into insight_runs values ($1, $2) on conflict (name) do update set as_of = excluded.as_of',
      [RUN, asOf],
    );
  }
}
