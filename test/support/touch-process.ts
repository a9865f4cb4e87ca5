import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { catalogueEntities } from '../../src/catalogue/index.js';
import { type Config, CONFIG, readConfig } from '../../src/config.js';
import { createDataSource } from '../../src/database/data-source.js';
import { DatabaseModule } from '../../src/database/index.js';
import { Clock, Ids, ManualClock, TimeOrderedIds } from '../../src/shared/index.js';
import { SendTouches, WorkflowsModule } from '../../src/workflows/index.js';

@Global()
@Module({})
class Surroundings {
  static for(config: Config, clock: Clock): DynamicModule {
    return {
      module: Surroundings,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Clock, useValue: clock },
        { provide: Ids, useValue: new TimeOrderedIds() },
      ],
      exports: [CONFIG, Clock, Ids],
    };
  }
}

/**
 * The service's workflows as a process of their own on the database of the environment, at the time NBA_TEST_NOW.
 * Says `ready`; told `go`, sends the touches that are due until it is killed; told `once`, looks at the queue once,
 * says `done` and leaves.
 */
const config = { ...readConfig(), role: 'api' as const };
if (config.databaseUrl === null) throw new Error('DATABASE_URL is needed');
const database = await createDataSource({
  url: config.databaseUrl,
  pool: 6,
  entities: catalogueEntities,
}).initialize();
const clock = new ManualClock(new Date(process.env['NBA_TEST_NOW'] ?? ''));

@Module({
  imports: [Surroundings.for(config, clock), DatabaseModule.for(database), WorkflowsModule],
})
class TouchProcess {}

const app = await NestFactory.createApplicationContext(TouchProcess, {
  logger: ['error'],
  abortOnError: false,
});
const touches = app.get(SendTouches, { strict: false });

process.on('message', (said) => {
  const work = said === 'go' ? goOn() : once();
  work.catch((cause: unknown) => {
    process.stderr.write(`${String(cause)}\n`);
    process.exit(1);
  });
});
process.send?.('ready');

async function goOn(): Promise<never> {
  for (;;) {
    await touches.runDue();
    await delay(1);
  }
}

async function once(): Promise<void> {
  await touches.runDue();
  process.send?.('done');
}
