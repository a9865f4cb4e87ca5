import type { Dataset } from '../dataset/dataset.js';

/** Rows of each side that the drift is measured on. */
const SAMPLE = 20_000;
/** Known values of a side below which nothing is said. */
const LEAST_KNOWN = 50;

/**
 * How far each number and cross moved between two groups of rows, by name: the largest difference of the two
 * distribution functions of its known values, 0 to 1 (Kolmogorov and Smirnov). What nobody knows is left out.
 */
export function driftOf(dataset: Dataset, earlier: Int32Array, later: Int32Array): Map<string, number> {
  const { schema } = dataset;
  const drift = new Map<string, number>();
  const measure = (names: readonly string[], values: Float32Array): void =>
    names.forEach((name, index) => {
      const before = knownOf(values, names.length, index, earlier);
      const after = knownOf(values, names.length, index, later);
      if (Math.min(before.length, after.length) >= LEAST_KNOWN) drift.set(name, distance(before, after));
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

/** Largest difference of the empirical distribution functions of two ascending samples. */
function distance(one: Float64Array, other: Float64Array): number {
  let furthest = 0;
  let [i, j] = [0, 0];
  while (i < one.length && j < other.length) {
    const value = Math.min(one[i] as number, other[j] as number);
    while (i < one.length && one[i] === value) i += 1;
    while (j < other.length && other[j] === value) j += 1;
    furthest = Math.max(furthest, Math.abs(i / one.length - j / other.length));
  }
  return furthest;
}
