import type { ClientBase, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

/** A statement under a name of its own: another text needs another name. */
export interface Prepared {
  name: string;
  text: string;
  /**
   * One plan serves all values: it is made once for a connection, and not for every call. For statements that find all
   * their rows by key and take longer to plan than to run.
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
    return run<Row>((await over.queryRunner.connect()) as ClientBase, statement, values);
  }
  const runner = over.createQueryRunner();
  try {
    return await run<Row>((await runner.connect()) as ClientBase, statement, values);
  } finally {
    await runner.release();
  }
}

const RESET = 'set plan_cache_mode = auto';

/** The setting stands for the one statement; a transaction that fails takes it back itself. */
async function run<Row extends QueryResultRow>(
  client: ClientBase,
  { name, text, onePlan }: Prepared,
  values: unknown[],
): Promise<Row[]> {
  if (!onePlan) return (await client.query<Row>({ name, text, values })).rows;
  await client.query('set plan_cache_mode = force_generic_plan');
  try {
    const { rows } = await client.query<Row>({ name, text, values });
    await client.query(RESET);
    return rows;
  } catch (cause) {
    await client.query(RESET).catch(() => undefined);
    throw cause;
  }
}
