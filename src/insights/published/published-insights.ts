import type { AccountId, ProductId } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import type { AccountInsight, InsightGround, InsightNumbers } from './insight.js';

/** One insight about one account as it stands published. */
export interface PublishedInsight {
  insight: string;
  version: string;
  computedAt: Date;
  /** Purchases of the account that it was computed from. */
  purchases: number;
  numbers: InsightNumbers;
  grounds: Readonly<Record<ProductId, InsightGround>>;
}

/** A publication of one insight for all accounts. */
export interface Publication {
  insight: string;
  version: string;
  /** Purchases before this moment were read. */
  asOf: Date;
  computedAt: Date;
  accounts: number;
  /** Orders that were read, of all accounts. */
  purchases: number;
}

/** Insights in force, by account. Decisions read the numbers with everything else of the account, in one look. */
export abstract class PublishedInsights {
  /** Puts the numbers of many accounts in force; what an earlier publication said of them is replaced. */
  abstract put(
    publication: Pick<Publication, 'insight' | 'version' | 'computedAt'>,
    accounts: readonly AccountInsight[],
    within: Transaction,
  ): Promise<void>;
  /** Takes back what earlier publications said of accounts of which this one says nothing, and keeps the record. */
  abstract complete(publication: Publication, within: Transaction): Promise<void>;
  /** Of each account that has any, in order of the insight's name. */
  abstract of(
    accountIds: readonly AccountId[],
    within?: Transaction,
  ): Promise<Map<AccountId, PublishedInsight[]>>;
  /** The latest publication of each insight, by name. */
  abstract publications(): Promise<Publication[]>;
  /** Whether this process may publish now: one does at a time. The lock ends with the transaction. */
  abstract lock(within: Transaction): Promise<boolean>;
}
