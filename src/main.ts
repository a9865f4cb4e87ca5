import 'reflect-metadata';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController } from 'fastify';
import type { Logger } from 'pino';
import { collectDefaultMetrics, register } from 'prom-client';
import { Sessions, SignInLinks } from './access/index.js';
import { prepareHttp, routerOptions } from './api/http/prepare-http.js';
import { AppModule } from './app.module.js';
import { catalogueEntities } from './catalogue/index.js';
import { type Config, readConfig } from './config.js';
import { createDataSource, type OpenDatabase, openDatabase } from './database/index.js';
import { createLogger, NestLog } from './logging.js';
import type { Clock } from './shared/index.js';

/** Root of the clone, from `src/` as from `dist/src/`. */
export function cloneRoot(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.endsWith('/dist/src') ? resolve(here, '../..') : resolve(here, '..');
}

export interface Overrides {
  /** A test or a simulated market brings its own. */
  clock?: Clock;
}

export interface CommandOptions extends Overrides {
  /** `worker`: the command also runs jobs, its own and others'. */
  role?: 'api' | 'worker';
}

export interface Opened {
  database: OpenDatabase;
  logger: Logger;
}

async function open(config: Config): Promise<Opened> {
  const logger = createLogger(config.logLevel);
  const database = await openDatabase({
    url: config.databaseUrl,
    home: config.home,
    cloneRoot: cloneRoot(),
    pool: config.databasePool,
    entities: catalogueEntities,
    log: (message) => logger.info(message),
  });
  return { database, logger };
}

export interface RunningService {
  app: NestFastifyApplication;
  database: OpenDatabase;
  /** Where it listens: http://127.0.0.1:3000. */
  url: string;
  stop(): Promise<void>;
}

const BODY_LIMIT = 8 * 1024 * 1024;

/** Starts the service and listens. */
export async function startService(config: Config, overrides: Overrides = {}): Promise<RunningService> {
  const { database, logger } = await open(config);
  let app: NestFastifyApplication | undefined;
  try {
    if (!register.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics();
    const made = await NestFactory.create<NestFastifyApplication>(
      AppModule.for({
        config: { ...config, databaseUrl: database.url },
        database: database.database,
        ...overrides,
      }),
      new FastifyAdapter({
        loggerInstance: logger,
        bodyLimit: BODY_LIMIT,
        routerOptions,
        logController: new LogController({ disableRequestLogging: config.logLevel !== 'debug' }),
      }),
      { logger: new NestLog(logger), abortOnError: false },
    );
    app = made;
    await prepareHttp(made);
    await made.listen(config.port, config.host);
    await made.getHttpAdapter().getInstance().ready();
    const url = (await made.getUrl()).replace('[::1]', '127.0.0.1');
    const stop = async (): Promise<void> => {
      await made.close();
      await database.close();
    };
    return { app: made, database, url, stop };
  } catch (cause) {
    // its jobs run already when it cannot listen
    await app?.close();
    await database.close();
    throw cause;
  }
}

/** Address of a page of the service that lets somebody in once. */
export function signInUrl(base: string, token: string): string {
  return new URL(`/sign-in?token=${token}`, base).href;
}

/** A link for the operator while nobody has ever signed in; else null. */
export async function firstSignIn(service: RunningService, config: Config): Promise<string | null> {
  if (config.role === 'worker') return null;
  if (await service.app.get(Sessions, { strict: false }).everBegun()) return null;
  const token = await service.app.get(SignInLinks, { strict: false }).create(null, 'first-start');
  return signInUrl(config.publicUrl ?? service.url, token);
}

/** The whole service without HTTP, for the time of a command. */
export async function withService<Value>(
  config: Config,
  work: (app: INestApplicationContext, opened: Opened) => Promise<Value>,
  { role = 'api', ...overrides }: CommandOptions = {},
): Promise<Value> {
  const opened = await open(config);
  let app: INestApplicationContext | undefined;
  try {
    app = await NestFactory.createApplicationContext(
      AppModule.for({
        config: { ...config, role, databaseUrl: opened.database.url },
        database: opened.database.database,
        ...overrides,
      }),
      { logger: new NestLog(opened.logger), abortOnError: false },
    );
    return await work(app, opened);
  } finally {
    await app?.close();
    await opened.database.close();
  }
}

/** For two shards at once: a transaction and a read beside it each, and one that makes room in the log. */
const CONNECTIONS_OF_A_HELPER = 6;

/** Works on shards of runs in a database that is there, until what it gives is called. */
export async function workOnShards(config: Config): Promise<() => Promise<void>> {
  if (config.databaseUrl === null) throw new Error('A helper needs the address of the database');
  const database = createDataSource({
    url: config.databaseUrl,
    pool: CONNECTIONS_OF_A_HELPER,
    entities: catalogueEntities,
    applicationName: 'nba-helper',
  });
  await database.initialize();
  const app = await NestFactory.createApplicationContext(AppModule.forShards({ config, database }), {
    logger: new NestLog(createLogger(config.logLevel)),
    abortOnError: false,
  });
  return async () => {
    await app.close();
    await database.destroy();
  };
}

/** Stops in order at SIGINT and SIGTERM: no new requests, those under way are answered, then the database is left. */
export function stopOnSignals(service: RunningService, say: (message: string) => void): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    say(`${signal}: stopping`);
    service.stop().then(
      () => process.exit(0),
      (cause: unknown) => {
        say(`stopping failed: ${String(cause)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const say = (message: string): void => void process.stderr.write(`${message}\n`);
  try {
    const config = readConfig();
    const service = await startService(config);
    say(`next best action: ${service.url} (API documentation: ${service.url}/docs)`);
    const link = await firstSignIn(service, config);
    if (link) say(`sign in (once, within 15 minutes): ${link}`);
    stopOnSignals(service, say);
  } catch (cause) {
    say(`The service cannot start. ${cause instanceof Error ? cause.message : String(cause)}`);
    process.exitCode = 1;
  }
}
