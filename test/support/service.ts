import 'reflect-metadata';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { LogController } from 'fastify';
import supertest from 'supertest';
import type { DataSource } from 'typeorm';
import { Keys, type NewKey } from '../../src/access/index.js';
import { prepareHttp, routerOptions } from '../../src/api/http/prepare-http.js';
import { AppModule } from '../../src/app.module.js';
import { type Config, readConfig } from '../../src/config.js';
import { NestLog, createLogger } from '../../src/logging.js';
import { ManualClock } from '../../src/shared/index.js';
import { createTestDatabase, openTestDatabase } from './database.js';

/** Monday, 10:00 in Berlin. */
export const TEST_NOW = new Date('2026-03-02T09:00:00Z');

export interface TestService {
  app: NestFastifyApplication;
  /** http://127.0.0.1:<port> */
  url: string;
  database: DataSource;
  /** URL of the suite's own database. */
  databaseUrl: string;
  /** Stands still at TEST_NOW until moved. */
  clock: ManualClock;
  /** supertest against the listening service. */
  http: ReturnType<typeof supertest>;
  /** Makes a key and gives the Authorization header for it. */
  key(
    scopes: NewKey['scopes'],
    options?: Omit<NewKey, 'scopes'>,
  ): Promise<{ authorization: string; raw: string }>;
  close(): Promise<void>;
}

export interface TestServiceOptions {
  /** Also serve the desk and the API's pages, which cannot be loaded under Jest. */
  pages?: boolean;
  config?: Partial<Config>;
  now?: Date;
  /** Another process of the same deployment: on this one's database, by its clock. To be closed before it. */
  beside?: TestService;
}

/** The whole service on a database of its own, over real HTTP, with a clock that the test moves. Role api unless asked. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const { beside } = options;
  const {
    database,
    url: databaseUrl,
    close: dropDatabase,
  } = beside ? await openTestDatabase(beside.databaseUrl) : await createTestDatabase();
  const clock = beside?.clock ?? new ManualClock(options.now ?? TEST_NOW);
  const config: Config = {
    ...readConfig({}),
    databaseUrl,
    role: 'api',
    logLevel: 'error',
    timeZone: 'Europe/Berlin',
    rescoringCron: '',
    rateLimitPerMinute: 1_000_000,
    ingestLimitPerMinute: 1_000_000,
    holdoutShare: 0,
    ...options.config,
  };
  const logger = createLogger(config.logLevel);
  const module = await Test.createTestingModule({ imports: [AppModule.for({ config, database, clock })] })
    .setLogger(new NestLog(logger))
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(
    new FastifyAdapter({
      loggerInstance: logger,
      logController: new LogController({ disableRequestLogging: true }),
      bodyLimit: 8 * 1024 * 1024,
      routerOptions,
    }),
  );
  await prepareHttp(app, { documentation: options.pages ?? false });
  await app.listen(0, '127.0.0.1');
  await app.getHttpAdapter().getInstance().ready();
  const url = await app.getUrl();
  return {
    app,
    url,
    database,
    databaseUrl,
    clock,
    http: supertest(url),
    key: async (scopes, rest = {}) => {
      const { key } = await app.get(Keys, { strict: false }).create({ scopes, ...rest }, 'test');
      return { authorization: `Bearer ${key}`, raw: key };
    },
    close: async () => {
      await app.close();
      await dropDatabase();
    },
  };
}
