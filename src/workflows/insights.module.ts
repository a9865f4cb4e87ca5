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
import { DoublesModule } from './doubles.module.js';
import { FindDoubles } from './find-doubles.js';
import { FindHours } from './find-hours.js';
import { PublishInsights } from './publish-insights.js';
import { RefreshInsights } from './refresh-insights.js';

/** Slower knowledge, put in force as features. */
@Module({
  imports: [CatalogueModule, DoublesModule, FeaturesModule, InsightsModule],
  providers: [
    {
      provide: FindHours,
      inject: [Accounts, FeatureStore, FeatureSet, HourProfiles],
      useFactory: (
        accounts: Accounts,
        features: FeatureStore,
        featureSet: FeatureSet,
        profiles: HourProfiles,
      ) => new FindHours({ accounts, features, featureSet, profiles }),
    },
    {
      provide: PublishInsights,
      inject: [
        PurchaseHistories,
        EarningsLog,
        Catalogues,
        InsightComputer,
        PublishedInsights,
        Transactions,
        Clock,
      ],
      useFactory: (
        histories: PurchaseHistories,
        earnings: EarningsLog,
        catalogues: Catalogues,
        computer: InsightComputer,
        published: PublishedInsights,
        transactions: Transactions,
        clock: Clock,
      ) => new PublishInsights({ histories, earnings, catalogues, computer, published, transactions, clock }),
    },
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
