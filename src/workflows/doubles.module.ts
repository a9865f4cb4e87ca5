import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Accounts, CatalogueModule, Catalogues } from '../catalogue/index.js';
import { EventLog, EventsModule } from '../events/index.js';
import { FeaturesModule, FeatureStore } from '../features/index.js';
import { AccountEmbeddings, ApproachRecord, DoublesBook, InsightsModule } from '../insights/index.js';
import { LearningModule } from '../learning/index.js';
import { Clock } from '../shared/index.js';
import { assembled } from './assembled.js';
import { AccountCensus } from './account-census.js';
import { PostgresAccountCensus } from './account-census.postgres.js';
import { DoublesEvidenceLog } from './doubles-evidence.js';
import { PostgresDoublesEvidence } from './doubles-evidence.postgres.js';
import { FindDoubles } from './find-doubles.js';
import { ShowDoubles } from './show-doubles.js';

/** Accounts most like each other, and what they tell. */
@Module({
  imports: [CatalogueModule, EventsModule, FeaturesModule, InsightsModule, LearningModule],
  providers: [
    {
      provide: AccountCensus,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresAccountCensus(database),
    },
    {
      provide: DoublesEvidenceLog,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresDoublesEvidence(database),
    },
    assembled(FindDoubles, {
      accounts: Accounts,
      catalogues: Catalogues,
      events: EventLog,
      features: FeatureStore,
      embeddings: AccountEmbeddings,
      approaches: ApproachRecord,
      book: DoublesBook,
    }),
    assembled(ShowDoubles, {
      find: FindDoubles,
      book: DoublesBook,
      census: AccountCensus,
      embeddings: AccountEmbeddings,
      approaches: ApproachRecord,
      catalogues: Catalogues,
      clock: Clock,
    }),
  ],
  exports: [DoublesEvidenceLog, FindDoubles, ShowDoubles],
})
export class DoublesModule {}
