import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Config, CONFIG } from '../config.js';
import { Baseline, Champion, RecommenderModule } from '../recommender/index.js';
import { CorrectedChampion } from './online/corrected-champion.postgres.js';
import { leftAfter } from './online/evidence-ledger.js';
import { HeadStore } from './online/head-store.js';
import { PostgresHeadStore } from './online/head-store.postgres.js';
import { TrainedChampion } from './online/trained-champion.js';
import { RegistryChampion } from './registry/champion.postgres.js';
import { ModelRegistry } from './registry/model-registry.js';
import { PostgresModelRegistry } from './registry/model-registry.postgres.js';
import { ThreadTrainer } from './training/thread-trainer.worker.js';
import { Trainer } from './training/trainer.js';

@Module({
  imports: [RecommenderModule],
  providers: [
    {
      provide: ModelRegistry,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresModelRegistry(database),
    },
    {
      provide: TrainedChampion,
      inject: [DataSource, ModelRegistry, Baseline],
      useFactory: (database: DataSource, registry: ModelRegistry, baseline: Baseline) =>
        new RegistryChampion(database, registry, baseline),
    },
    {
      provide: HeadStore,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresHeadStore(database, leftAfter),
    },
    {
      provide: Champion,
      inject: [DataSource, TrainedChampion, HeadStore],
      useFactory: (database: DataSource, champion: TrainedChampion, heads: HeadStore) =>
        new CorrectedChampion(database, champion, heads),
    },
    {
      provide: Trainer,
      inject: [CONFIG],
      useFactory: ({ tensorflow }: Config) => new ThreadTrainer(tensorflow),
    },
  ],
  exports: [ModelRegistry, Champion, TrainedChampion, HeadStore, Trainer],
})
export class LearningModule {}
