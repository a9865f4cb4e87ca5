import { seededRng, shuffled } from '../../shared/index.js';
import { type BgNbd, expectedPurchases, fitBgNbd, probabilityAlive } from './bg-nbd.js';
import { fitGammaGamma, type GammaGamma } from './gamma-gamma.js';
import {
  expectedPurchasesByPareto,
  fitParetoNbd,
  type ParetoNbd,
  probabilityAliveByPareto,
} from './pareto-nbd.js';
import {
  DAYS_A_WEEK,
  type PurchaseSummary,
  purchasesAfter,
  summaries,
  type Transaction,
} from './purchase-summary.js';

/** How often customers come back, and what a purchase is worth. Times in weeks. */
export interface LifetimeModel {
  buying: ({ kind: 'bg-nbd' } & BgNbd) | ({ kind: 'pareto-nbd' } & ParetoNbd);
  worth: GammaGamma;
  /** Customers and repeats that it was fitted to. */
  customers: number;
  repeats: number;
  /** Mean absolute error of purchases on the last part of the time, by which the model was chosen; null: too little time. */
  holdout: { weeks: number; customers: number; bgNbd: number; paretoNbd: number } | null;
}

/** The parameters are the same to two figures from a few thousand customers on; more only take time. */
const MOST_CUSTOMERS = 3000;
const LEAST_CUSTOMERS = 30;
const LEAST_REPEATS = 30;
/** The last share of the time, on which the two ways of buying are compared. */
const HELD_OUT = 0.3;
const LEAST_WEEKS_HELD_OUT = 4;
const DAY_MS = 86_400_000;

/**
 * Fits BG/NBD and Pareto/NBD to what was bought before, takes the one that foresees the last part of the time better, and
 * fits it to all of it. Null where too few customers came back to say anything.
 */
export function fitLifetime(
  transactions: readonly Transaction[],
  end: Date,
  seed = '1',
): LifetimeModel | null {
  const all = summaries(sampled(transactions, seed), end);
  const known = [...all.values()];
  const repeats = known.reduce((sum, one) => sum + one.repeats, 0);
  const worth = fitGammaGamma(known);
  if (known.length < LEAST_CUSTOMERS || repeats < LEAST_REPEATS || !worth || !(worth.q > 1)) return null;
  const holdout = compared(transactions, end, all, seed);
  const byPareto = holdout !== null && holdout.paretoNbd < holdout.bgNbd;
  const buying = byPareto
    ? ({ kind: 'pareto-nbd', ...fitParetoNbd(known) } as const)
    : ({ kind: 'bg-nbd', ...fitBgNbd(known) } as const);
  return { buying, worth, customers: known.length, repeats, holdout };
}

/** The same customers at whatever time is looked back from. */
function sampled(transactions: readonly Transaction[], seed: string): Transaction[] {
  const customers = [...new Set(transactions.map(({ customer }) => customer))].sort();
  if (customers.length <= MOST_CUSTOMERS) return [...transactions];
  const kept = new Set(shuffled(seededRng(`lifetime:${seed}`), customers).slice(0, MOST_CUSTOMERS));
  return transactions.filter(({ customer }) => kept.has(customer));
}

function compared(
  transactions: readonly Transaction[],
  end: Date,
  all: ReadonlyMap<string, PurchaseSummary>,
  seed: string,
): LifetimeModel['holdout'] {
  const weeks = Math.floor(HELD_OUT * Math.max(...[...all.values()].map(({ age }) => age)));
  if (weeks < LEAST_WEEKS_HELD_OUT) return null;
  const cut = new Date(end.getTime() - weeks * DAYS_A_WEEK * DAY_MS);
  const some = sampled(transactions, seed);
  const before = summaries(some, cut);
  const repeats = [...before.values()].reduce((sum, one) => sum + one.repeats, 0);
  if (before.size < LEAST_CUSTOMERS || repeats < LEAST_REPEATS) return null;
  const came = purchasesAfter(some, cut, weeks * DAYS_A_WEEK);
  const bgNbd = fitBgNbd(before.values());
  const paretoNbd = fitParetoNbd(before.values());
  const error = (predict: (summary: PurchaseSummary) => number): number => {
    let sum = 0;
    for (const [customer, summary] of before)
      sum += Math.abs(predict(summary) - (came.get(customer)?.purchases ?? 0));
    return sum / before.size;
  };
  return {
    weeks,
    customers: before.size,
    bgNbd: error((summary) => purchasesToCome({ kind: 'bg-nbd', ...bgNbd }, summary, weeks)),
    paretoNbd: error((summary) => purchasesToCome({ kind: 'pareto-nbd', ...paretoNbd }, summary, weeks)),
  };
}

/** Below such a chance to leave after a purchase nobody leaves, and the closed form cancels out. */
const NOBODY_LEAVES = 1e-6;
/** Nearest that a − 1 and s − 1, by which the closed forms divide, come to 0. */
const APART = 1e-6;

export function purchasesToCome(
  buying: LifetimeModel['buying'],
  summary: PurchaseSummary,
  weeks: number,
): number {
  if (buying.kind === 'pareto-nbd') {
    const s = Math.abs(buying.s - 1) < APART ? 1 + APART : buying.s;
    return expectedPurchasesByPareto({ ...buying, s }, summary, weeks);
  }
  const { r, alpha, a, b } = buying;
  if (a / (a + b) < NOBODY_LEAVES) return ((r + summary.repeats) / (alpha + summary.age)) * weeks;
  return expectedPurchases({ ...buying, a: Math.abs(a - 1) < APART ? 1 + APART : a }, summary, weeks);
}

export function chanceAlive(buying: LifetimeModel['buying'], summary: PurchaseSummary): number {
  return buying.kind === 'pareto-nbd'
    ? probabilityAliveByPareto(buying, summary)
    : probabilityAlive(buying, summary);
}
