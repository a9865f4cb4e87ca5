import type { Dataset } from '../dataset/dataset.js';

/** Rows of each side that the drift is measured on. */
const SAMPLE = 20_000;
/** Shares of the earlier values between which their range lies. */
const RANGE = [0.01, 0.99] as const;
/** Known values of a side below which nothing is said. */
const LEAST_KNOWN = 50;

/** How the later values of an input differ from its earlier ones. */
export interface Drift {
  /** How far their mean moved, in standard deviations of the earlier ones; values outside count as of the edge. */
  moved: number;
  /** Share of them outside the range where 98 % of the earlier ones lie. */
  outside: number;
}

/** The drift of each number and cross between two groups of rows, by name. What hardly anybody knows is left out. */
export function driftOf(dataset: Dataset, earlier: Int32Array, later: Int32Array): Map<string, Drift> {
  const { schema } = dataset;
  const drift = new Map<string, Drift>();
  const measure = (names: readonly string[], values: Float32Array): void =>
    names.forEach((name, index) => {
      const before = knownOf(values, names.length, index, earlier);
      const after = knownOf(values, names.length, index, later);
      if (Math.min(before.length, after.length) < LEAST_KNOWN) return;
      const [low, high] = rangeOf(before);
      const held = (values: Float64Array) => values.map((value) => Math.min(high, Math.max(low, value)));
      const outside = after.filter((value) => value < low || value > high).length / after.length;
      drift.set(name, { moved: movement(held(before), held(after)), outside });
    });
  measure(schema.numbers, dataset.numbers);
  measure(schema.crosses, dataset.crosses);
  return drift;
}

function knownOf(values: Float32Array, width: number, index: number, rows: Int32Array): Float64Array {
  const stride = Math.max(1, Math.floor(rows.length / SAMPLE));
  const known: number[] = [];
  for (let place = 0; place < rows.length; place += stride) {
    const value = values[(rows[place] ?? 0) * width + index] ?? NaN;
    if (Number.isFinite(value)) known.push(value);
  }
  return Float64Array.from(known).sort();
}

function rangeOf(sorted: Float64Array): readonly [low: number, high: number] {
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return [at(RANGE[0]), at(RANGE[1])];
}

/** Difference of the means, in standard deviations of the first. */
function movement(one: Float64Array, other: Float64Array): number {
  const mean = meanOf(one);
  const variance = meanOf(one.map((value) => (value - mean) ** 2));
  return variance > 0 ? Math.abs(meanOf(other) - mean) / Math.sqrt(variance) : 0;
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
