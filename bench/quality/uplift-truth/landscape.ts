import { gaussian, integerBelow, pick, type Rng, shuffled } from '../../../src/shared/index.js';
import type { Covariates } from './covariates.js';

/** A column on [0, 1]: ranks of a number (ties share theirs), or a category's own draw. */
export type Scaled = Float64Array;

/** A number by its rank among the rows, unknown in the middle; a category by a number drawn for each of its values. */
export function scaledColumns({ rows, numbers, categories }: Covariates, rng: Rng): Scaled[] {
  return [
    ...numbers.map(({ values }) => ranks(values)),
    ...categories.map(({ values, codes }) => {
      const drawn = values.map(() => rng.next());
      return Float64Array.from({ length: rows }, (_, row) => drawn[codes[row] ?? -1] ?? 1 / 2);
    }),
  ];
}

function ranks(values: Float64Array): Scaled {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  known.forEach((value, place) => {
    if (!first.has(value)) first.set(value, place);
    last.set(value, place);
  });
  const most = Math.max(1, known.length - 1);
  return values.map((value) => ((first.get(value) ?? most / 2) + (last.get(value) ?? most / 2)) / 2 / most);
}

const shapes: readonly ((at: number, knot: number) => number)[] = [
  (at) => at,
  (at) => at,
  (at) => Math.sqrt(at),
  (at, knot) => Math.max(0, at - knot),
  (at, knot) => (at > knot ? 1 : 0),
  (at) => 4 * at * (1 - at),
];

/**
 * A random function of some columns with mean 0 and standard deviation 1 over the rows: a sum of straight lines,
 * bends, steps and humps, and of products of two columns.
 */
export function landscape(
  columns: readonly Scaled[],
  parts: number,
  products: number,
  rng: Rng,
): Float64Array {
  const sum = new Float64Array(columns[0]?.length ?? 0);
  for (const column of shuffled(rng, columns).slice(0, parts)) {
    const shape = pick(rng, shapes);
    const knot = 0.2 + 0.6 * rng.next();
    add(
      sum,
      column.map((at) => shape(at, knot)),
      gaussian(rng),
    );
  }
  for (let count = 0; count < products; count += 1) {
    const one = pick(rng, columns);
    const other = columns[integerBelow(rng, columns.length)] as Scaled;
    add(
      sum,
      one.map((at, row) => (at - 1 / 2) * ((other[row] as number) - 1 / 2)),
      gaussian(rng),
    );
  }
  return standardised(sum);
}

export function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const spread =
    Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length) || 1;
  return values.map((value) => (value - mean) / spread);
}

/** Adds a column, on its own scale. */
function add(sum: Float64Array, column: Float64Array, weight: number): void {
  standardised(column).forEach((value, row) => (sum[row] = (sum[row] as number) + weight * value));
}

/** 1 in a corner that two columns cut out and that holds about this share of the rows, else 0. */
export function corner(columns: readonly Scaled[], share: number, rng: Rng): Float64Array {
  const [one, other] = shuffled(rng, columns);
  if (!one || !other) throw new Error('A corner needs two columns');
  const height = one.map((at, row) => Math.min(at, other[row] as number) + 1e-6 * rng.next());
  const cut = Float64Array.from(height).sort()[Math.floor((1 - share) * height.length)] as number;
  return height.map((at) => (at > cut ? 1 : 0));
}
