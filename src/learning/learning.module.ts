import { Logger, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CatalogueModule, Catalogues } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { FeatureSet, FeaturesModule } from '../features/index.js';
import { AccountEmbeddings, ApproachRecord } from '../insights/index.js';
import { OutcomeLog, OutcomesModule } from '../outcomes/index.js';
import { Baseline, Champion, IncrementalValue, RecommenderModule } from '../recommender/index.js';
import { Transactions } from '../shared/index.js';
import { LearnedEmbeddings } from './doubles/account-embeddings.js';
import { CreditedApproaches } from './doubles/approach-record.js';
import { IncrementalStore } from './incremental/incremental-store.js';
import {
  PostgresIncrementalStore,
  StoredIncrementalValue,
} from './incremental/incremental-store.postgres.js';
import { CorrectedChampion } from './online/corrected-champion.postgres.js';
import { leftAfter } from './online/outcome-learning.js';
import { HeadStore } from './online/head-store.js';
import { PostgresHeadStore } from './online/head-store.postgres.js';
import { TrainedChampion } from './online/trained-champion.js';
import { RegistryChampion } from './registry/champion.postgres.js';
import { ModelRegistry } from './registry/model-registry.js';
import { PostgresModelRegistry } from './registry/model-registry.postgres.js';
import { RegistryChallengers } from './shadow/challengers.postgres.js';
import { Challengers } from './shadow/challengers.js';
import { ShadowBook } from './shadow/shadow-book.js';
import { PostgresShadowBook } from './shadow/shadow-book.postgres.js';
import { ShadowLog } from './shadow/shadow-log.js';
import { PostgresShadowLog } from './shadow/shadow-log.postgres.js';
import { ThreadTrainer } from './training/thread-trainer.worker.js';
import { Trainer } from './training/trainer.js';

const log = new Logger('shadow');

@Module({
  imports: [CatalogueModule, FeaturesModule, OutcomesModule, RecommenderModule],
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
      inject: [DataSource, TrainedChampion, HeadStore, FeatureSet],
      useFactory: (
        database: DataSource,
        champion: TrainedChampion,
        heads: HeadStore,
        featureSet: FeatureSet,
      ) => new CorrectedChampion(database, champion, heads, featureSet),
    },
    {
      provide: AccountEmbeddings,
      inject: [TrainedChampion, FeatureSet, Catalogues],
      useFactory: (champion: TrainedChampion, featureSet: FeatureSet, catalogues: Catalogues) =>
        new LearnedEmbeddings(champion, featureSet, catalogues),
    },
    {
      provide: ApproachRecord,
      inject: [Catalogues, OutcomeLog],
      useFactory: (catalogues: Catalogues, outcomes: OutcomeLog) =>
        new CreditedApproaches(catalogues, outcomes),
    },
    {
      provide: IncrementalStore,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresIncrementalStore(database),
    },
    {
      provide: IncrementalValue,
      inject: [DataSource, IncrementalStore],
      useFactory: (database: DataSource, store: IncrementalStore) =>
        new StoredIncrementalValue(database, store),
    },
    {
      provide: ShadowBook,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresShadowBook(database),
    },
    {
      provide: ShadowLog,
      inject: [DataSource, Transactions],
      useFactory: (database: DataSource, transactions: Transactions) =>
        new PostgresShadowLog(database, transactions),
    },
    {
      provide: Challengers,
      inject: [DataSource, ModelRegistry, ShadowBook, FeatureSet],
      useFactory: (
        database: DataSource,
        registry: ModelRegistry,
        shadows: ShadowBook,
        featureSet: FeatureSet,
      ) => new RegistryChallengers(database, registry, shadows, featureSet, (message) => log.warn(message)),
    },
    {
      provide: Trainer,
      inject: [CONFIG],
      useFactory: ({ tensorflow }: Config) => new ThreadTrainer(tensorflow),
    },
  ],
  exports: [
    AccountEmbeddings,
    ApproachRecord,
    Challengers,
    IncrementalStore,
    IncrementalValue,
    ModelRegistry,
    ShadowBook,
    ShadowLog,
    Champion,
    TrainedChampion,
    HeadStore,
    Trainer,
  ],
})
export class LearningModule {}
