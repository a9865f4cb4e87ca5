import { integerBelow, seededRng } from '../../shared/index.js';
import { bgLogLikelihood, type BgNbd, expectedPurchases, fitBgNbd } from './bg-nbd.js';
import { fitGammaGamma, type GammaGamma, worthLogLikelihood } from './gamma-gamma.js';
import {
  expectedPurchasesByPareto,
  fitParetoNbd,
  paretoLogLikelihood,
  type ParetoNbd,
} from './pareto-nbd.js';
import {
  DAYS_A_WEEK,
  type PurchaseSummary,
  purchasesAfter,
  summaries,
  type Transaction,
} from './purchase-summary.js';
import { type ParameterInterval, resampledParameters } from './resampled-parameters.js';

/** How far predicted purchases are from those that came, over customers. */
export interface HoldoutError {
  mae: number;
  rmse: number;
  /** 95 % intervals, by resampling customers. */
  maeInterval: ParameterInterval;
  rmseInterval: ParameterInterval;
  /** MAE less that of the rate on the same resamples; below 0: nearer to what came. */
  maeAgainstRate: ParameterInterval;
}

/** 95 % intervals of parameters by resampling customers; null where they cannot be told. */
export interface LifetimeIntervals {
  bgNbd: Record<'r' | 'alpha' | 'a' | 'b', ParameterInterval> | null;
  paretoNbd: Record<'r' | 'alpha' | 's' | 'beta', ParameterInterval> | null;
  gammaGamma: Record<'p' | 'q' | 'v', ParameterInterval> | null;
}

const RESAMPLES = 1000;
const TAIL = 0.025;

export interface LifetimeEvaluation {
  customers: number;
  bgNbd: BgNbd;
  paretoNbd: ParetoNbd;
  gammaGamma: GammaGamma | null;
  intervals: LifetimeIntervals;
  /** Null where nothing came after the calibration. `rate`: each goes on buying as before. */
  holdout: { bgNbd: HoldoutError; paretoNbd: HoldoutError; rate: HoldoutError } | null;
}

/** The three models on summaries alone. */
export function evaluateSummaries(customers: readonly PurchaseSummary[], seed = '1'): LifetimeEvaluation {
  const fitted = {
    bgNbd: fitBgNbd(customers),
    paretoNbd: fitParetoNbd(customers),
    gammaGamma: fitGammaGamma(customers),
  };
  const intervals = intervalsOf(customers, fitted, seed);
  return { customers: customers.length, ...fitted, intervals, holdout: null };
}

function intervalsOf(
  customers: readonly PurchaseSummary[],
  { bgNbd, paretoNbd, gammaGamma }: Pick<LifetimeEvaluation, 'bgNbd' | 'paretoNbd' | 'gammaGamma'>,
  seed: string,
): LifetimeIntervals {
  const ofModel = <Name extends string>(
    names: readonly Name[],
    fitted: Record<Name, number>,
    some: readonly PurchaseSummary[],
    logLikelihood: (parameters: Record<Name, number>, customer: PurchaseSummary) => number,
  ): Record<Name, ParameterInterval> | null => {
    const named = <Value>(values: readonly Value[]) =>
      Object.fromEntries(names.map((name, place) => [name, values[place]])) as Record<Name, Value>;
    const at = names.map((name) => fitted[name]);
    const found = resampledParameters(some, at, (tried, one) => logLikelihood(named(tried), one), seed);
    return found && named(found);
  };
  const spending = customers.filter(({ repeats, meanValue }) => repeats > 0 && meanValue > 0);
  return {
    bgNbd: ofModel(['r', 'alpha', 'a', 'b'], bgNbd, customers, bgLogLikelihood),
    paretoNbd: ofModel(['r', 'alpha', 's', 'beta'], paretoNbd, customers, paretoLogLikelihood),
    gammaGamma: gammaGamma && ofModel(['p', 'q', 'v'], gammaGamma, spending, worthLogLikelihood),
  };
}

/** The models on what was bought until `calibrationEnd`, judged on the days after. */
export function evaluateLifetime(
  transactions: readonly Transaction[],
  { calibrationEnd, holdoutDays, seed = '1' }: { calibrationEnd: Date; holdoutDays: number; seed?: string },
): LifetimeEvaluation {
  const known = summaries(transactions, calibrationEnd);
  const fitted = evaluateSummaries([...known.values()], seed);
  const came = purchasesAfter(transactions, calibrationEnd, holdoutDays);
  const weeks = holdoutDays / DAYS_A_WEEK;
  const misses = (predict: (summary: PurchaseSummary) => number): number[] =>
    [...known].map(([customer, summary]) =>
      Math.abs(predict(summary) - (came.get(customer)?.purchases ?? 0)),
    );
  const byRate = misses(({ repeats, age }) => (age === 0 ? 0 : (repeats / age) * weeks));
  const error = (apart: readonly number[]): HoldoutError => {
    const squares = apart.map((one) => one * one);
    const ofSquares = intervalOfMean(squares, seed);
    return {
      mae: mean(apart),
      rmse: Math.sqrt(mean(squares)),
      maeInterval: intervalOfMean(apart, seed),
      rmseInterval: { low: Math.sqrt(ofSquares.low), high: Math.sqrt(ofSquares.high) },
      maeAgainstRate: intervalOfMean(
        apart.map((one, place) => one - (byRate[place] ?? 0)),
        seed,
      ),
    };
  };
  return {
    ...fitted,
    holdout: {
      bgNbd: error(misses((summary) => expectedPurchases(fitted.bgNbd, summary, weeks))),
      paretoNbd: error(misses((summary) => expectedPurchasesByPareto(fitted.paretoNbd, summary, weeks))),
      rate: error(byRate),
    },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle 95 % of the means of resampled values (Efron, 1979); the same for the same seed. */
function intervalOfMean(values: readonly number[], seed: string): ParameterInterval {
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
