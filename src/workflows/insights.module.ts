import { Module } from '@nestjs/common';
import { Accounts, CatalogueModule, Catalogues } from '../catalogue/index.js';
import { FeatureSet, FeaturesModule, FeatureStore } from '../features/index.js';
import {
  EarningsLog,
  HourProfiles,
  InsightComputer,
  InsightsModule,
  PublishedInsights,
  PurchaseHistories,
} from '../insights/index.js';
import { Clock, Transactions } from '../shared/index.js';
import { assembled } from './assembled.js';
import { DoublesModule } from './doubles.module.js';
import { FindDoubles } from './find-doubles.js';
import { FindHours } from './find-hours.js';
import { PublishInsights } from './publish-insights.js';
import { RefreshInsights } from './refresh-insights.js';

/** Slower knowledge, put in force as features. */
@Module({
  imports: [CatalogueModule, DoublesModule, FeaturesModule, InsightsModule],
  providers: [
    assembled(FindHours, {
      accounts: Accounts,
      features: FeatureStore,
      featureSet: FeatureSet,
      profiles: HourProfiles,
    }),
    assembled(PublishInsights, {
      histories: PurchaseHistories,
      earnings: EarningsLog,
      catalogues: Catalogues,
      computer: InsightComputer,
      published: PublishedInsights,
      transactions: Transactions,
      clock: Clock,
    }),
    {
      provide: RefreshInsights,
      inject: [PublishInsights, FindHours, FindDoubles],
      useFactory: (insights: PublishInsights, hours: FindHours, doubles: FindDoubles) =>
        new RefreshInsights(insights, hours, doubles),
    },
  ],
  exports: [FindHours, PublishInsights, RefreshInsights, InsightsModule],
})
export class InsightWorkflowsModule {}
