import type { Rng } from '../../../shared/index.js';

/** A figure with a 95 % interval; null where it does not exist. */
export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
}

export const NO_ESTIMATE: Estimate = { value: null, low: null, high: null };

/** Sums of one account each, row by row: accounts × width. */
export interface ClusterSums {
  width: number;
  sums: Float64Array;
}

/** Adds up what `addTo` says of each item, by account. */
export function sumsByAccount<Item extends { account: string }>(
  items: readonly Item[],
  width: number,
  addTo: (item: Item, add: (column: number, amount: number) => void) => void,
): ClusterSums {
  const places = new Map<string, number>();
  for (const { account } of items) if (!places.has(account)) places.set(account, places.size);
  const sums = new Float64Array(places.size * width);
  for (const item of items) {
    const from = (places.get(item.account) ?? 0) * width;
    addTo(item, (column, amount) => {
      sums[from + column] = (sums[from + column] ?? 0) + amount;
    });
  }
  return { width, sums };
}

const CONFIDENCE_TAIL = 0.025;
export const RESAMPLES = 1000;

/**
 * Bias-corrected and accelerated bootstrap (Efron, 1987) over accounts, of functions of sums: accounts are drawn with
 * replacement, as many as there are, and each drawn account brings all its decisions. Correction and acceleration (by
 * leaving out one account at a time) keep the coverage where few decisions carry much weight. One estimate a function.
 */
export function resampled(
  { width, sums }: ClusterSums,
  functions: readonly ((totals: Float64Array) => number)[],
  rng: Rng,
  resamples = RESAMPLES,
): Estimate[] {
  const clusters = sums.length / width;
  const total = new Float64Array(width);
  for (let cluster = 0; cluster < clusters; cluster += 1) addCluster(total, sums, cluster * width);
  const values = functions.map((evaluate) => evaluate(total));
  const drawn = functions.map(() => new Float64Array(resamples));
  const draw = new Float64Array(width);
  for (let round = 0; round < resamples; round += 1) {
    draw.fill(0);
    for (let count = 0; count < clusters; count += 1)
      addCluster(draw, sums, floor(rng.next() * clusters) * width);
    for (let place = 0; place < functions.length; place += 1)
      (drawn[place] as Float64Array)[round] = functions[place]?.(draw) ?? NaN;
  }
  return functions.map((evaluate, place) => {
    const value = values[place] ?? NaN;
    if (!Number.isFinite(value)) return NO_ESTIMATE;
    const known = (drawn[place] as Float64Array).filter(Number.isFinite).sort();
    if (clusters < 2 || known.length === 0) return { value, low: null, high: null };
    const acceleration = accelerationOf({ width, sums }, total, evaluate);
    return { value, ...intervalOf(known, value, acceleration) };
  });
}

/** Held here since it is asked for millions of times. */
const { floor } = Math;

function addCluster(total: Float64Array, sums: Float64Array, from: number): void {
  for (let column = 0; column < total.length; column += 1)
    total[column] = (total[column] as number) + (sums[from + column] as number);
}

/** Σ d³ / (6 (Σ d²)^{3/2}), d how far the value without an account lies below the mean of these values. */
function accelerationOf(
  { width, sums }: ClusterSums,
  total: Float64Array,
  evaluate: (totals: Float64Array) => number,
): number {
  const clusters = sums.length / width;
  const without = new Float64Array(width);
  const values = Float64Array.from({ length: clusters }, (_, cluster) => {
    for (let column = 0; column < width; column += 1)
      without[column] = (total[column] as number) - (sums[cluster * width + column] as number);
    return evaluate(without);
  }).filter(Number.isFinite);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

function intervalOf(
  sorted: Float64Array,
  value: number,
  acceleration: number,
): { low: number; high: number } {
  let below = 0;
  for (const one of sorted) below += one < value ? 1 : one === value ? 0.5 : 0;
  const share = Math.min(1 - 0.5 / sorted.length, Math.max(0.5 / sorted.length, below / sorted.length));
  const bias = normalQuantile(share);
  const at = (tail: number): number => {
    const shifted = bias + normalQuantile(tail);
    const level = normalShare(bias + shifted / (1 - acceleration * shifted));
    const place = Math.floor(level * sorted.length);
    return sorted[Math.min(sorted.length - 1, Math.max(0, place))] ?? value;
  };
  const [low, high] = [at(CONFIDENCE_TAIL), at(1 - CONFIDENCE_TAIL)];
  return { low: Math.min(low, value), high: Math.max(high, value) };
}

/** Φ(x) by Abramowitz & Stegun (1964), 7.1.26: error below 1.5e-7. */
export function normalShare(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (series * Math.exp(-z * z)) / 2;
  return x >= 0 ? 1 - tail : tail;
}

/** Φ⁻¹ by bisection of Φ: within 1e-9 of its inverse. */
export function normalQuantile(share: number): number {
  let low = -9;
  let high = 9;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
