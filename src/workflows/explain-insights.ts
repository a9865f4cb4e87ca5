import type { AccountId, Catalogue, ProductId } from '../catalogue/index.js';
import type { FeatureDefinition } from '../features/index.js';
import type { PublishedInsight } from '../insights/index.js';
import type { Ground } from '../suggestions/index.js';

/** What insights say of each account. */
export type Insights = ReadonlyMap<AccountId, readonly PublishedInsight[]>;

/** What a published number adds to the sentence that tells it. */
export interface InsightDetails {
  /** The product whose orders are the evidence. */
  evidenceOf: ProductId;
  args: Record<string, string | number>;
  /** Evidence after this moment makes it pointless: what was due has been ordered since. */
  until?: Date;
}

/** Usual days between two orders of a product, as the insight on the next product publishes them. */
const EVERY_DAYS = 'reorderEveryDays';

/**
 * Of a number that an insight published about a product, what stands behind it now. Undefined where the insight says
 * nothing of the product any more: then it is no reason.
 */
export function insightDetails(
  definition: FeatureDefinition | undefined,
  { key }: Ground,
  insights: readonly PublishedInsight[],
  catalogue: Catalogue,
): InsightDetails | undefined {
  if (definition?.kind !== 'published' || key?.kind !== 'product') return undefined;
  const insight = insights.find((one) => one.insight === definition.insight);
  const productId = key.value as ProductId;
  const ground = insight?.grounds[productId];
  const days = insight?.numbers[EVERY_DAYS];
  switch (definition.reason) {
    case 'bought-together': {
      if (!ground) return undefined;
      const other = catalogue.products.get(ground.productId)?.name ?? ground.productId;
      return { evidenceOf: ground.productId, args: { other, accounts: ground.accounts } };
    }
    case 'due-again': {
      const every = typeof days === 'object' ? days[productId] : undefined;
      return every === undefined
        ? undefined
        : {
            evidenceOf: productId,
            args: { every: Math.max(1, Math.round(every)) },
            ...(insight && { until: insight.computedAt }),
          };
    }
    default:
      return undefined;
  }
}
