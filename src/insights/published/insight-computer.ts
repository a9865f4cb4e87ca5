import type { ProductId } from '../../catalogue/index.js';
import type { AccountInsight } from './insight.js';
import type { Earnings } from '../lifetime-value/earnings.js';
import type { PurchaseHistory } from './purchase-history.js';
import { registeredInsights } from './registered.js';

export interface InsightTask {
  insight: string;
  history: PurchaseHistory;
  earnings: Earnings;
  offered: readonly ProductId[];
  asOf: Date;
}

/** Computes one registered insight for all accounts and gives it in batches. */
export abstract class InsightComputer {
  abstract compute(
    task: InsightTask,
    onBatch: (accounts: readonly AccountInsight[]) => Promise<void>,
  ): Promise<void>;
}

/** Accounts of one batch. */
const BATCH = 1000;

/** The computation itself, wherever it runs. Throws for an insight that nobody registered. */
export function* batchesOf({ insight, offered, ...sources }: InsightTask): Generator<AccountInsight[]> {
  const found = registeredInsights.find(({ name }) => name === insight);
  if (!found) throw new Error(`No insight is called "${insight}"`);
  let batch: AccountInsight[] = [];
  for (const account of found.compute({ ...sources, offered: new Set(offered) })) {
    batch.push(account);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
