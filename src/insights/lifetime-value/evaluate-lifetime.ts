import { integerBelow, seededRng } from '../../shared/index.js';
import { type BgNbd, expectedPurchases, fitBgNbd } from './bg-nbd.js';
import { fitGammaGamma, type GammaGamma } from './gamma-gamma.js';
import { expectedPurchasesByPareto, fitParetoNbd, type ParetoNbd } from './pareto-nbd.js';
import {
  DAYS_A_WEEK,
  type PurchaseSummary,
  purchasesAfter,
  summaries,
  type Transaction,
} from './purchase-summary.js';

/** How far predicted purchases are from those that came, over customers. */
export interface HoldoutError {
  mae: number;
  rmse: number;
  /** 95 % interval of the mean absolute error, by resampling customers. */
  maeInterval: { low: number; high: number };
}

const RESAMPLES = 1000;
const TAIL = 0.025;

export interface LifetimeEvaluation {
  customers: number;
  bgNbd: BgNbd;
  paretoNbd: ParetoNbd;
  gammaGamma: GammaGamma | null;
  /** Null where nothing came after the calibration. `rate`: each goes on buying as before. */
  holdout: { bgNbd: HoldoutError; paretoNbd: HoldoutError; rate: HoldoutError } | null;
}

/** The three models on summaries alone. */
export function evaluateSummaries(customers: readonly PurchaseSummary[]): LifetimeEvaluation {
  return {
    customers: customers.length,
    bgNbd: fitBgNbd(customers),
    paretoNbd: fitParetoNbd(customers),
    gammaGamma: fitGammaGamma(customers),
    holdout: null,
  };
}

/** The models on what was bought until `calibrationEnd`, judged on the days after. */
export function evaluateLifetime(
  transactions: readonly Transaction[],
  { calibrationEnd, holdoutDays, seed = '1' }: { calibrationEnd: Date; holdoutDays: number; seed?: string },
): LifetimeEvaluation {
  const known = summaries(transactions, calibrationEnd);
  const fitted = evaluateSummaries([...known.values()]);
  const came = purchasesAfter(transactions, calibrationEnd, holdoutDays);
  const weeks = holdoutDays / DAYS_A_WEEK;
  const error = (predict: (summary: PurchaseSummary) => number): HoldoutError => {
    const apart = [...known].map(([customer, summary]) =>
      Math.abs(predict(summary) - (came.get(customer)?.purchases ?? 0)),
    );
    return {
      mae: mean(apart),
      rmse: Math.sqrt(mean(apart.map((one) => one * one))),
      maeInterval: intervalOfMean(apart, seed),
    };
  };
  return {
    ...fitted,
    holdout: {
      bgNbd: error((summary) => expectedPurchases(fitted.bgNbd, summary, weeks)),
      paretoNbd: error((summary) => expectedPurchasesByPareto(fitted.paretoNbd, summary, weeks)),
      rate: error(({ repeats, age }) => (age === 0 ? 0 : (repeats / age) * weeks)),
    },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle 95 % of the means of resampled values (Efron, 1979); the same for the same seed. */
function intervalOfMean(values: readonly number[], seed: string): { low: number; high: number } {
  const rng = seededRng(`resample:${seed}`);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < values.length; drawn += 1)
      sum += values[integerBelow(rng, values.length)] ?? 0;
    return sum / values.length;
  }).sort((a, b) => a - b);
  const at = (share: number): number => means[Math.floor(share * (RESAMPLES - 1))] ?? NaN;
  return { low: at(TAIL), high: at(1 - TAIL) };
}
