import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createDataSource, migrate } from '../../src/database/data-source.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { TEMPLATE_DATABASE } from './database.js';

declare global {
  var nbaTestServer: EmbeddedPostgres | undefined;
}

/** One server for the whole run, and a migrated template that each suite clones. */
export default async function setUp(): Promise<void> {
  const cloneRoot = resolve(import.meta.dirname, '../..');
  const asRoot = process.getuid?.() === 0;
  const home = join(asRoot ? '/var/tmp' : tmpdir(), `nba-test-${process.pid}`);
  await rm(home, { recursive: true, force: true });
  const server = await startEmbeddedPostgres({ home, cloneRoot, fast: true });
  globalThis.nbaTestServer = server;
  process.env['NBA_TEST_DATABASE_URL'] = server.url;
  process.env['NBA_TEST_HOME'] = home;
  await makeTemplate(server.url);
}

async function makeTemplate(url: string): Promise<void> {
  const admin = await createDataSource({ url, pool: 2 }).initialize();
  await admin.query(`create database ${TEMPLATE_DATABASE}`);
  await admin.destroy();
  const address = new URL(url);
  address.pathname = `/${TEMPLATE_DATABASE}`;
  const template = await createDataSource({ url: address.href, pool: 2 }).initialize();
  await migrate(template);
  await template.destroy();
}
