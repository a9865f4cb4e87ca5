import 'reflect-metadata';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Config, CONFIG, readConfig } from '../../src/config.js';
import { createDataSource } from '../../src/database/data-source.js';
import { DatabaseModule } from '../../src/database/index.js';
import { DeliveryModule } from '../../src/delivery/index.js';
import { OutboxJobs } from '../../src/jobs/outbox-relay.queue.js';
import { Clock, Ids, SystemClock, TimeOrderedIds } from '../../src/shared/index.js';
import { WebhooksTrailModule } from '../../src/workflows/webhooks-trail.module.js';

@Global()
@Module({})
class Surroundings {
  static for(config: Config): DynamicModule {
    return {
      module: Surroundings,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Clock, useValue: new SystemClock() },
        { provide: Ids, useValue: new TimeOrderedIds() },
      ],
      exports: [CONFIG, Clock, Ids],
    };
  }
}

/**
 * The part of the service that carries messages out, as a process of its own on the database of the environment: the
 * service's own modules and jobs, started in a fraction of the time of the whole. Says `ready` and runs until killed.
 */
const config = readConfig();
if (config.databaseUrl === null) throw new Error('DATABASE_URL is needed');
const database = await createDataSource({ url: config.databaseUrl, pool: 6 }).initialize();

@Module({
  imports: [Surroundings.for(config), DatabaseModule.for(database), WebhooksTrailModule, DeliveryModule],
  providers: [OutboxJobs],
})
class DeliveryProcess {}

await NestFactory.createApplicationContext(DeliveryProcess, { logger: ['error'], abortOnError: false });
process.stdout.write('ready\n');
