import type { ClientBase, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

/** A statement under a name of its own: another text needs another name. */
export interface Prepared {
  name: string;
  text: string;
}

/**
 * Runs a statement that each connection parses once, and plans once where one plan serves all values: for the long
 * ones, which take longer to plan than to run. Inside a transaction give its manager.
 */
export async function prepared<Row extends QueryResultRow>(
  over: DataSource | EntityManager,
  { name, text }: Prepared,
  values: unknown[],
): Promise<Row[]> {
  if (!(over instanceof DataSource)) {
    if (!over.queryRunner) throw new Error(`"${name}" is run outside of its transaction`);
    const client = (await over.queryRunner.connect()) as ClientBase;
    return (await client.query<Row>({ name, text, values })).rows;
  }
  const runner = over.createQueryRunner();
  try {
    const client = (await runner.connect()) as ClientBase;
    return (await client.query<Row>({ name, text, values })).rows;
  } finally {
    await runner.release();
  }
}
