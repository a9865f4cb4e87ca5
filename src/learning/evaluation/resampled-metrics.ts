import { integerBelow, type Rng } from '../../shared/index.js';
import { ECE_BINS, judge, type Judged, type Metrics, TINY } from './metrics.js';
import type { Estimate } from './off-policy/intervals.js';

export type MetricName = Exclude<keyof Metrics, 'rows' | 'positives'>;
export const metricNames: readonly MetricName[] = ['auc', 'logLoss', 'brier', 'ece', 'liftAt10'];

/** Rows that were judged together, by several models. */
export interface JudgedRows {
  happened: ArrayLike<number>;
  /** By model. */
  predicted: Readonly<Record<string, ArrayLike<number>>>;
  /** Rows of one account stay together when resampled; absent: every row is its own. */
  account?: ArrayLike<number>;
}

/** Metrics of each model with 95 % intervals, and the difference of the first from each other one, paired. */
export interface ComparedMetrics {
  models: Record<string, Record<MetricName, Estimate>>;
  differences: Record<string, Record<MetricName, Estimate>>;
}

export const METRIC_RESAMPLES = 400;
const TAIL = 0.025;

/**
 * Percentile bootstrap over accounts, all models on the same draws. Several groups of rows (folds) are judged each for
 * itself and their metrics averaged. The calibration error of a resample is above that of the rows themselves, so that
 * its interval leans upward.
 */
export function compareMetrics(
  groups: readonly JudgedRows[],
  rng: Rng,
  resamples = METRIC_RESAMPLES,
): ComparedMetrics {
  const names = Object.keys(groups[0]?.predicted ?? {});
  const prepared = groups.map((group) => prepare(group, names));
  const drawn = names.map(() => metricNames.map(() => new Float64Array(resamples)));
  for (let round = 0; round < resamples; round += 1) {
    const sums = names.map(() => new Float64Array(metricNames.length));
    for (const group of prepared) {
      const weights = drawWeights(group, rng);
      names.forEach((_, model) =>
        weighted(group, model, weights).forEach((value, metric) => {
          const sum = sums[model] as Float64Array;
          sum[metric] = (sum[metric] ?? 0) + value / prepared.length;
        }),
      );
    }
    sums.forEach((sum, model) => sum.forEach((value, metric) => drawn[model]?.[metric]?.set([value], round)));
  }
  const values = names.map((name) => metricNames.map((metric) => meanOf(groups, name, metric)));
  return summary(names, values, drawn);
}

function summary(
  names: readonly string[],
  values: readonly (readonly (number | null)[])[],
  drawn: readonly (readonly Float64Array[])[],
): ComparedMetrics {
  const record = (of: (metric: number) => Estimate) =>
    Object.fromEntries(metricNames.map((name, metric) => [name, of(metric)])) as Record<MetricName, Estimate>;
  const models = names.map((name, model) => [
    name,
    record((metric) =>
      estimateOf(values[model]?.[metric] ?? null, drawn[model]?.[metric] ?? new Float64Array()),
    ),
  ]);
  const differences = names.slice(1).map((name, place) => [
    name,
    record((metric) => {
      const [first, other] = [values[0]?.[metric] ?? null, values[place + 1]?.[metric] ?? null];
      const others = drawn[place + 1]?.[metric];
      const paired = (drawn[0]?.[metric] ?? new Float64Array()).map(
        (value, round) => value - (others?.[round] ?? NaN),
      );
      return estimateOf(first === null || other === null ? null : first - other, paired);
    }),
  ]);
  return { models: Object.fromEntries(models), differences: Object.fromEntries(differences) };
}

function meanOf(groups: readonly JudgedRows[], name: string, metric: MetricName): number | null {
  const values = groups.map(
    ({ predicted, happened }) => judge({ predicted: predicted[name] ?? [], happened })[metric],
  );
  if (values.some((value) => value === null)) return null;
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length;
}

function estimateOf(value: number | null, drawn: Float64Array): Estimate {
  const known = drawn.filter(Number.isFinite).sort();
  if (value === null || known.length < 2) return { value, low: null, high: null };
  const at = (share: number) => known[Math.round(share * (known.length - 1))] ?? value;
  return { value, low: Math.min(value, at(TAIL)), high: Math.max(value, at(1 - TAIL)) };
}

interface Prepared {
  judged: Judged[];
  /** By model: rows from the lowest prediction to the highest. */
  orders: Int32Array[];
  /** Place of each row's account among those of the group. */
  unit: Int32Array;
  units: number;
}

function prepare({ happened, predicted, account }: JudgedRows, names: readonly string[]): Prepared {
  const rows = happened.length;
  const places = new Map<number, number>();
  const unit = Int32Array.from({ length: rows }, (_, row) => {
    const id = account ? (account[row] ?? 0) : row;
    const known = places.get(id) ?? places.size;
    places.set(id, known);
    return known;
  });
  const judged = names.map((name) => ({ predicted: predicted[name] ?? [], happened }));
  const orders = judged.map(({ predicted: values }) =>
    Int32Array.from({ length: rows }, (_, row) => row).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0)),
  );
  return { judged, orders, unit, units: places.size };
}

/** How often each row is drawn. */
function drawWeights({ unit, units }: Prepared, rng: Rng): Float64Array {
  const counts = new Float64Array(units);
  for (let draw = 0; draw < units; draw += 1) {
    const place = integerBelow(rng, units);
    counts[place] = (counts[place] as number) + 1;
  }
  return Float64Array.from(unit, (place) => counts[place] as number);
}

/** The metrics, in the order of `metricNames`, of rows that count so often; NaN where one does not exist. */
function weighted({ judged, orders }: Prepared, model: number, weights: Float64Array): number[] {
  const { predicted, happened } = judged[model] as Judged;
  const order = orders[model] as Int32Array;
  const gaps = new Float64Array(ECE_BINS);
  let [total, positives, loss, squares] = [0, 0, 0, 0];
  for (let row = 0; row < order.length; row += 1) {
    const weight = weights[row] as number;
    if (weight === 0) continue;
    const p = predicted[row] as number;
    const y = happened[row] as number;
    const held = Math.min(1 - TINY, Math.max(TINY, p));
    total += weight;
    positives += weight * y;
    loss -= weight * (y > 0.5 ? Math.log(held) : Math.log1p(-held));
    squares += weight * (p - y) ** 2;
    const bin = Math.min(ECE_BINS - 1, Math.floor(p * ECE_BINS));
    gaps[bin] = (gaps[bin] as number) + weight * (p - y);
  }
  const error = gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
  const { auc, lift } = ranked({ predicted, happened }, order, weights, { total, positives });
  return [auc, loss / total, squares / total, error, lift];
}

const TOP = 0.1;

function ranked(
  { predicted, happened }: Judged,
  order: Int32Array,
  weights: Float64Array,
  { total, positives }: { total: number; positives: number },
): { auc: number; lift: number } {
  let [below, area, takenPositives, taken] = [0, 0, 0, 0];
  const top = total * TOP;
  for (let start = order.length; start > 0;) {
    const value = predicted[order[start - 1] as number];
    let [hits, count] = [0, 0];
    while (start > 0 && predicted[order[start - 1] as number] === value) {
      const row = order[start - 1] as number;
      const weight = weights[row] as number;
      count += weight;
      hits += weight * (happened[row] as number);
      start -= 1;
    }
    const share = count === 0 ? 0 : Math.min(1, Math.max(0, (top - taken) / count));
    takenPositives += hits * share;
    taken += count * share;
    // positives above this value beat its negatives, those at it tie with them
    area += (count - hits) * (below + hits / 2);
    below += hits;
  }
  const negatives = total - positives;
  return {
    auc: positives === 0 || negatives === 0 ? NaN : area / (positives * negatives),
    lift: positives === 0 ? NaN : takenPositives / top / (positives / total),
  };
}
