import type { ClientBase, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

/**
 * A statement under a name of its own: another text needs another name.
 *
 * The database plans it anew for every call as long as it expects a plan for the given values to be cheaper than one for
 * any. Where rows are found by key that takes longer than to run, and what seems cheaper is only a shorter list. A
 * statement that reads its parameters from `with asked as materialized (select $1 …)`, or as `(select $1 …)`, looks alike
 * for all values: it is planned a few times for a connection, and then no more.
 */
export interface Prepared {
  name: string;
  text: string;
  /**
   * One plan serves all values from the first call on. For large statements, whose costs on growing tables hide what
   * planning adds. Inside a transaction it then holds for what follows there too.
   */
  onePlan?: boolean;
}

/** Runs a statement that each connection parses once. Inside a transaction give its manager. */
export async function prepared<Row extends QueryResultRow>(
  over: DataSource | EntityManager,
  statement: Prepared,
  values: unknown[],
): Promise<Row[]> {
  if (!(over instanceof DataSource)) {
    if (!over.queryRunner) throw new Error(`"${statement.name}" is run outside of its transaction`);
    const client = (await over.queryRunner.connect()) as ClientBase;
    if (statement.onePlan) await client.query('set local plan_cache_mode = force_generic_plan');
    return plain<Row>(client, statement, values);
  }
  const runner = over.createQueryRunner();
  let set: ClientBase | undefined;
  try {
    const client = (await runner.connect()) as ClientBase;
    if (statement.onePlan) {
      set = client;
      await client.query('set plan_cache_mode = force_generic_plan');
    }
    return await plain<Row>(client, statement, values);
  } finally {
    if (set) void takenBack(set).finally(() => runner.release());
    else await runner.release();
  }
}

/** Outside of a transaction the setting stands for the one statement. Nobody waits for this; a lost connection has none. */
async function takenBack(client: ClientBase): Promise<void> {
  await client.query('set plan_cache_mode = auto').catch(() => undefined);
}

async function plain<Row extends QueryResultRow>(
  client: ClientBase,
  { name, text }: Prepared,
  values: unknown[],
): Promise<Row[]> {
  return (await client.query<Row>({ name, text, values })).rows;
}
