import { Module } from '@nestjs/common';
import { CatalogueModule, Catalogues } from '../catalogue/index.js';
import { InsightComputer, InsightsModule, PublishedInsights, PurchaseHistories } from '../insights/index.js';
import { Clock, Transactions } from '../shared/index.js';
import { PublishInsights } from './publish-insights.js';

/** Slower knowledge, put in force as features. */
@Module({
  imports: [CatalogueModule, InsightsModule],
  providers: [
    {
      provide: PublishInsights,
      inject: [PurchaseHistories, Catalogues, InsightComputer, PublishedInsights, Transactions, Clock],
      useFactory: (
        histories: PurchaseHistories,
        catalogues: Catalogues,
        computer: InsightComputer,
        published: PublishedInsights,
        transactions: Transactions,
        clock: Clock,
      ) => new PublishInsights({ histories, catalogues, computer, published, transactions, clock }),
    },
  ],
  exports: [PublishInsights, InsightsModule],
})
export class InsightWorkflowsModule {}
