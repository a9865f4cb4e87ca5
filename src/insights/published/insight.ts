import type { AccountId, ProductId } from '../../catalogue/index.js';
import type { FeatureDefinition } from '../../features/index.js';
import type { Earnings } from '../lifetime-value/earnings.js';
import type { PurchaseHistory } from './purchase-history.js';

/** Numbers by feature name; of a feature by product: by product. What is unknown is left out. */
export type InsightNumbers = Readonly<Record<string, number | Readonly<Record<ProductId, number>>>>;

/** What stands behind a number of one product, in a form that a reason can tell. */
export interface InsightGround {
  /** The product that led to this one: those who bought it also buy this one. */
  productId: ProductId;
  /** Accounts that bought both. */
  accounts: number;
}

/** What an insight found out about one account. */
export interface AccountInsight {
  accountId: AccountId;
  /** Purchases of the account that it was computed from. */
  purchases: number;
  numbers: InsightNumbers;
  /** By product, as far as there is something to tell. */
  grounds?: Readonly<Record<ProductId, InsightGround>>;
}

/** What every insight may read. */
export interface InsightSources {
  history: PurchaseHistory;
  /** What was earned by the purchases, and what keeping in touch costs. */
  earnings: Earnings;
  /** Products that can be offered: those of the catalogue that are available. */
  offered: ReadonlySet<ProductId>;
  /** Nothing later than this was read. */
  asOf: Date;
}

/**
 * Knowledge that takes long to compute and is published as features now and then. Register it in `registered.ts`; its
 * definitions are then read by models, by eligibility and by the API like any other feature.
 */
export interface Insight {
  /** Kebab-case, unique. */
  readonly name: string;
  /** Changes when the same sources give other numbers. */
  readonly version: string;
  /** Kind `published`, of this insight; `per` account, by product or not at all. */
  readonly definitions: readonly FeatureDefinition[];
  /** Accounts about which nothing can be said are left out. Runs in a thread of its own: it may take its time. */
  compute(sources: InsightSources): Iterable<AccountInsight>;
}
