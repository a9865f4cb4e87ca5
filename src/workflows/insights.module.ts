import { Module } from '@nestjs/common';
import { CatalogueModule, Catalogues } from '../catalogue/index.js';
import {
  EarningsLog,
  InsightComputer,
  InsightsModule,
  PublishedInsights,
  PurchaseHistories,
} from '../insights/index.js';
import { Clock, Transactions } from '../shared/index.js';
import { PublishInsights } from './publish-insights.js';

/** Slower knowledge, put in force as features. */
@Module({
  imports: [CatalogueModule, InsightsModule],
  providers: [
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
  ],
  exports: [PublishInsights, InsightsModule],
})
export class InsightWorkflowsModule {}
