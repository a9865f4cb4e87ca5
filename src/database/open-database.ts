import type { DataSource } from 'typeorm';
import { createDataSource, type DatabaseOptions, migrate } from './data-source.js';
import { startEmbeddedPostgres } from './embedded/index.js';

export interface OpenOptions extends Omit<DatabaseOptions, 'url'> {
  /** Null: the embedded server. */
  url: string | null;
  /** Folder of the embedded server; null: its default. */
  home: string | null;
  /** Root of the clone. */
  cloneRoot: string;
  log: (message: string) => void;
}

export interface OpenDatabase {
  database: DataSource;
  url: string;
  /** True: the service's own server, false: the one that DATABASE_URL names. */
  embedded: boolean;
  /** Disconnects, and stops the embedded server when nobody else uses it. */
  close(): Promise<void>;
}

/** Connects to the named server or to the embedded one, and brings the schema up to date. */
export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  const { url, home, cloneRoot, log, ...rest } = options;
  const server =
    url === null ? await startEmbeddedPostgres({ cloneRoot, log, ...(home === null ? {} : { home }) }) : null;
  const address = server?.url ?? url ?? '';
  const database = createDataSource({ ...rest, url: address });
  try {
    await database.initialize();
    const ran = await migrate(database);
    if (ran.length > 0) log(`database: ran ${ran.length} migration(s)`);
  } catch (cause) {
    if (database.isInitialized) await database.destroy();
    await server?.leave();
    throw cause;
  }
  const close = async (): Promise<void> => {
    if (database.isInitialized) await database.destroy();
    await server?.leave();
  };
  return { database, url: address, embedded: server !== null, close };
}
