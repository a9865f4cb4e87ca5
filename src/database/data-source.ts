import { DataSource } from 'typeorm';
import type { EntitySchema, MixedList } from 'typeorm';
import { migrations } from './migrations/index.js';

export interface DatabaseOptions {
  url: string;
  /** Connections of this process. */
  pool: number;
  // oxlint-disable-next-line typescript/no-unsafe-function-type -- TypeORM's own type of an entity class
  entities?: MixedList<Function | string | EntitySchema>;
  applicationName?: string;
}

/** A data source that is not connected yet. The schema changes by migrations only. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    entities: options.entities ?? [],
    migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    uuidExtension: 'pgcrypto',
    applicationName: options.applicationName ?? 'nba',
    // rows are found by key and mostly in memory: with the default the planner reads whole tables for a few hundred keys
    // statements go out without waiting for the answers of those before them
    extra: { max: options.pool, pipeline: true, options: '-c timezone=UTC -c random_page_cost=1.1' },
  });
}

/** Any constant; the same in every process that migrates this schema. */
const MIGRATION_LOCK = 7_263_541;
const LOCK_TIMEOUT = '60s';

/**
 * Runs the pending migrations, one process at a time: the others wait for the advisory lock and find nothing to do.
 * Gives the names of those that ran.
 */
export async function migrate(database: DataSource): Promise<string[]> {
  const runner = database.createQueryRunner();
  await runner.connect();
  try {
    await runner.query(`set lock_timeout = '${LOCK_TIMEOUT}'`);
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const ran = await database.runMigrations();
      return ran.map((migration) => migration.name);
    } finally {
      await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await runner.query('reset lock_timeout');
    await runner.release();
  }
}
