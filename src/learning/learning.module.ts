import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Config, CONFIG } from '../config.js';
import { Baseline, Champion, RecommenderModule } from '../recommender/index.js';
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
      provide: Champion,
      inject: [DataSource, ModelRegistry, Baseline],
      useFactory: (database: DataSource, registry: ModelRegistry, baseline: Baseline) =>
        new RegistryChampion(database, registry, baseline),
    },
    {
      provide: Trainer,
      inject: [CONFIG],
      useFactory: ({ tensorflow }: Config) => new ThreadTrainer(tensorflow),
    },
  ],
  exports: [ModelRegistry, Champion, Trainer],
})
export class LearningModule {}
