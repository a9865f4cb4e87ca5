import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ApiModule } from './api/api.module.js';
import { type Config, CONFIG } from './config.js';
import { DatabaseModule } from './database/index.js';
import { JobsModule, QueuesModule, ShardWorkModule } from './jobs/index.js';
import { Clock, Ids, SystemClock, TimeOrderedIds } from './shared/index.js';

export interface Surroundings {
  config: Config;
  database: DataSource;
  /** A test or a simulated market brings its own. */
  clock?: Clock;
}

/** Configuration, clock and ids for everybody. */
@Global()
@Module({})
class SurroundingsModule {
  static for({ config, clock: given }: Surroundings): DynamicModule {
    const clock = given ?? new SystemClock();
    return {
      module: SurroundingsModule,
      providers: [
        // a clock that is brought along tells other processes nothing
        { provide: CONFIG, useValue: given ? { ...config, rescoringProcesses: 1 } : config },
        { provide: Clock, useValue: clock },
        { provide: Ids, useValue: new TimeOrderedIds(() => clock.now().getTime()) },
      ],
      exports: [CONFIG, Clock, Ids],
    };
  }
}

const base = (surroundings: Surroundings): DynamicModule['imports'] & object => [
  SurroundingsModule.for(surroundings),
  DatabaseModule.for(surroundings.database),
  QueuesModule,
];

/** The composition root. `api` serves HTTP, `worker` runs jobs, `all` both. */
@Module({})
export class AppModule {
  static for(surroundings: Surroundings): DynamicModule {
    const { role } = surroundings.config;
    return {
      module: AppModule,
      imports: [...base(surroundings), ApiModule, ...(role === 'api' ? [] : [JobsModule])],
    };
  }

  /** Nothing but the work on shards of runs. */
  static forShards(surroundings: Surroundings): DynamicModule {
    return { module: AppModule, imports: [...base(surroundings), ShardWorkModule] };
  }
}
