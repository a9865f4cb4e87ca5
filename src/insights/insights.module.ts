import { Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PublishedFeatures } from '../features/index.js';
import { DoublesBook } from './doubles/doubles-book.js';
import { PostgresDoublesBook } from './doubles/doubles-book.postgres.js';
import { EarningsLog } from './lifetime-value/earnings.js';
import { PostgresEarnings } from './lifetime-value/earnings.postgres.js';
import { HourProfiles } from './timing/hour-profiles.js';
import { PostgresHourProfiles } from './timing/hour-profiles.postgres.js';
import { InsightComputer } from './published/insight-computer.js';
import { ThreadInsightComputer } from './published/insight-computer.worker.js';
import { PostgresPublishedInsights } from './published/published-insights.postgres.js';
import { PublishedInsights } from './published/published-insights.js';
import { PostgresPurchaseHistories } from './published/purchase-histories.postgres.js';
import { PurchaseHistories } from './published/purchase-history.js';
import { publishedFeatures } from './published/registered.js';

/** What insights publish, declared as features for everybody. */
@Global()
@Module({
  providers: [
    {
      provide: PublishedFeatures,
      useFactory: (): PublishedFeatures => ({ definitions: publishedFeatures }),
    },
  ],
  exports: [PublishedFeatures],
})
export class PublishedFeaturesModule {}

@Module({
  imports: [PublishedFeaturesModule],
  providers: [
    {
      provide: PublishedInsights,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresPublishedInsights(database),
    },
    {
      provide: PurchaseHistories,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresPurchaseHistories(database),
    },
    {
      provide: EarningsLog,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresEarnings(database),
    },
    {
      provide: HourProfiles,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresHourProfiles(database),
    },
    {
      provide: DoublesBook,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresDoublesBook(database),
    },
    { provide: InsightComputer, useFactory: () => new ThreadInsightComputer() },
  ],
  exports: [DoublesBook, EarningsLog, HourProfiles, PublishedInsights, PurchaseHistories, InsightComputer],
})
export class InsightsModule {}
