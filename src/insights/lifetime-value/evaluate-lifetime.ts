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
}

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
  { calibrationEnd, holdoutDays }: { calibrationEnd: Date; holdoutDays: number },
): LifetimeEvaluation {
  const known = summaries(transactions, calibrationEnd);
  const fitted = evaluateSummaries([...known.values()]);
  const came = purchasesAfter(transactions, calibrationEnd, holdoutDays);
  const weeks = holdoutDays / DAYS_A_WEEK;
  const error = (predict: (summary: PurchaseSummary) => number): HoldoutError => {
    let absolute = 0;
    let squared = 0;
    for (const [customer, summary] of known) {
      const apart = predict(summary) - (came.get(customer)?.purchases ?? 0);
      absolute += Math.abs(apart);
      squared += apart * apart;
    }
    return { mae: absolute / known.size, rmse: Math.sqrt(squared / known.size) };
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
