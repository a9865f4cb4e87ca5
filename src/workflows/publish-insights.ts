import type { Catalogues } from '../catalogue/index.js';
import {
  type EarningsLog,
  type Insight,
  type InsightComputer,
  type InsightTask,
  type Publication,
  type PublishedInsights,
  type PurchaseHistories,
  registeredInsights,
} from '../insights/index.js';
import type { Clock, Transactions } from '../shared/index.js';

export interface PublishInsightsParts {
  histories: PurchaseHistories;
  earnings: EarningsLog;
  catalogues: Catalogues;
  computer: InsightComputer;
  published: PublishedInsights;
  transactions: Transactions;
  clock: Clock;
}

export interface InsightsPublished {
  /** In the order in which they were computed. */
  publications: Publication[];
  /** Insights that another process is publishing right now: left to it. */
  underWay: string[];
}

/**
 * Computes every insight from what was bought before `asOf` and puts it in force, each in one transaction: a decision
 * sees all of the old numbers of an insight or all of the new ones.
 */
export class PublishInsights {
  constructor(private readonly parts: PublishInsightsParts) {}

  async run(
    asOf: Date,
    onPublished: (publication: Publication) => void = () => {},
  ): Promise<InsightsPublished> {
    const { histories, earnings, catalogues } = this.parts;
    const catalogue = await catalogues.current();
    const offered = [...catalogue.products.values()].flatMap(({ available, productId }) =>
      available ? [productId] : [],
    );
    const read = {
      offered,
      asOf,
      history: await histories.until(asOf),
      earnings: await earnings.until(asOf, catalogue),
    };
    const done: InsightsPublished = { publications: [], underWay: [] };
    for (const insight of registeredInsights) {
      const publication = await this.publish(insight, read);
      if (!publication) {
        done.underWay.push(insight.name);
        continue;
      }
      done.publications.push(publication);
      onPublished(publication);
    }
    return done;
  }

  private publish(
    { name, version }: Insight,
    read: Omit<InsightTask, 'insight'>,
  ): Promise<Publication | null> {
    const { transactions, published, computer, clock } = this.parts;
    return transactions.run(async (within) => {
      if (!(await published.lock(within))) return null;
      const said = { insight: name, version, computedAt: clock.now() };
      let accounts = 0;
      await computer.compute({ insight: name, ...read }, async (batch) => {
        await published.put(said, batch, within);
        accounts += batch.length;
      });
      const purchases = read.history.orders.at.length;
      const publication = { ...said, asOf: read.asOf, accounts, purchases };
      await published.complete(publication, within);
      return publication;
    });
  }
}
