import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { catalogueEntities } from '../../src/catalogue/index.js';
import { createDataSource } from '../../src/database/data-source.js';

export const TEMPLATE_DATABASE = 'nba_template';

export interface TestDatabase {
  database: DataSource;
  url: string;
  close(): Promise<void>;
}

async function asAdmin(work: (admin: DataSource) => Promise<void>): Promise<void> {
  const url = process.env['NBA_TEST_DATABASE_URL'];
  if (!url) throw new Error('No test server: run this suite in the jest project "flow"');
  const admin = await createDataSource({ url, pool: 1 }).initialize();
  try {
    await work(admin);
  } finally {
    await admin.destroy();
  }
}

/** A database of its own, with the whole schema and nothing in it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `nba_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (admin) => {
    await admin.query(`create database ${name} template ${TEMPLATE_DATABASE} strategy file_copy`);
  });
  const address = new URL(process.env['NBA_TEST_DATABASE_URL'] ?? '');
  address.pathname = `/${name}`;
  const opened = await openTestDatabase(address.href);
  const close = async (): Promise<void> => {
    await opened.close();
    await asAdmin(async (admin) => {
      await admin.query(`drop database if exists ${name} with (force)`);
    });
  };
  return { ...opened, close };
}

/** Connections of one more process to a database that is there. */
export async function openTestDatabase(url: string): Promise<TestDatabase> {
  const database = await createDataSource({ url, pool: 8, entities: catalogueEntities }).initialize();
  const close = async (): Promise<void> => {
    if (database.isInitialized) await database.destroy();
  };
  return { database, url, close };
}
