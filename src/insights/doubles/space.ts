import { integerBelow, seededRng } from '../../shared/index.js';
import type { Placement, PlacementPart } from './ports.js';
import { type Axes, principalAxes } from './principal-axes.js';

/** Axes of the space: enough for this share of what differs, and no more than so many. */
const VARIANCE_KEPT = 0.95;
const MOST_AXES = 32;
/** Beyond so many standard deviations a number is held: one extreme must not be all that counts. */
const HELD_AT = 3;
/** Values of one category that are told apart, the most frequent first. */
const MOST_VALUES = 32;
/** Pairs that say how far apart two accounts picked at random are. */
const PAIRS = 4000;

interface Scale {
  mean: number;
  deviation: number;
  /** Whether being unknown tells accounts apart. */
  unknown: boolean;
}

/** How one part of a placement becomes columns. */
interface Columns {
  numbers: Scale[];
  categories: Map<string, number>[];
  width: number;
}

/** How far apart accounts are in a space. Fitted once for all accounts of a night. */
export interface Space {
  /** Median distance of two accounts picked at random; 0 where all are the same. */
  typicalDistance: number;
}

/** Points of accounts in a space, one row each. */
export interface Points {
  dimensions: number;
  coordinates: Float32Array;
}

/**
 * Each number on the scale of its own spread (held at 3 deviations, unknown at the mean), each category as one column a
 * value so that a difference counts like a typical one of a number; each part on the scale on which its columns together
 * have variance 1; all turned to principal axes, which keeps the distances.
 */
export function fitSpace(placements: readonly Placement[], seed: string): { space: Space; points: Points } {
  const parts = (placements[0] ?? []).map((_, part) =>
    columnsOf(placements.map((placement) => placement[part] as PlacementPart)),
  );
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const rows = new Float32Array(placements.length * width);
  let from = 0;
  parts.forEach((columns, part) => {
    placements.forEach((placement, row) =>
      encode(placement[part] as PlacementPart, columns, rows, row * width + from),
    );
    scaleToOne(rows, width, from, columns.width);
    from += columns.width;
  });
  const points = turn(rows, width, principalAxes(rows, width, VARIANCE_KEPT, MOST_AXES));
  return { space: { typicalDistance: typical(points, seed) }, points };
}

/** 1 for the same point, 0 from as far as two accounts picked at random are: 1 − d / typical distance. */
export function similarityAt(
  squaredDistance: number,
  { typicalDistance }: Pick<Space, 'typicalDistance'>,
): number {
  if (typicalDistance === 0) return 1;
  return Math.max(0, 1 - Math.sqrt(squaredDistance) / typicalDistance);
}

function columnsOf(parts: readonly PlacementPart[]): Columns {
  const numbers = Array.from(parts[0]?.numbers ?? [], (_, place) => scaleOf(parts, place));
  const categories = (parts[0]?.categories ?? []).map((_, place) => valuesOf(parts, place));
  const ofNumbers = numbers.reduce((sum, { unknown }) => sum + (unknown ? 2 : 1), 0);
  const width = ofNumbers + categories.reduce((sum, values) => sum + values.size, 0);
  return { numbers, categories, width };
}

function scaleOf(parts: readonly PlacementPart[], place: number): Scale {
  let known = 0;
  let sum = 0;
  let squares = 0;
  for (const { numbers } of parts) {
    const value = numbers[place] ?? NaN;
    if (Number.isNaN(value)) continue;
    known += 1;
    sum += value;
    squares += value * value;
  }
  const mean = known === 0 ? 0 : sum / known;
  const variance = known === 0 ? 0 : Math.max(0, squares / known - mean * mean);
  // what float32 cannot tell from the mean is no difference
  const deviation = variance <= 1e-12 * mean * mean ? 0 : Math.sqrt(variance);
  return { mean, deviation, unknown: known > 0 && known < parts.length };
}

function valuesOf(parts: readonly PlacementPart[], place: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { categories } of parts) {
    const value = categories[place];
    if (value !== null && value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const kept = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_VALUES);
  return new Map(kept.map(([value], column) => [value, column]));
}

function encode(
  part: PlacementPart,
  { numbers, categories }: Columns,
  rows: Float32Array,
  from: number,
): void {
  let column = from;
  numbers.forEach(({ mean, deviation, unknown }, place) => {
    const value = part.numbers[place] ?? NaN;
    const known = !Number.isNaN(value);
    const standard = known && deviation > 0 ? (value - mean) / deviation : 0;
    rows[column] = Math.max(-HELD_AT, Math.min(HELD_AT, standard));
    column += 1;
    if (!unknown) return;
    rows[column] = known ? 1 : 0;
    column += 1;
  });
  categories.forEach((values, place) => {
    const value = part.categories[place];
    const own = value === null || value === undefined ? undefined : values.get(value);
    if (own !== undefined) rows[column + own] = 1;
    column += values.size;
  });
}

/** Divides some columns by the root of the sum of their variances. */
function scaleToOne(rows: Float32Array, width: number, from: number, columns: number): void {
  const count = width === 0 ? 0 : rows.length / width;
  let total = 0;
  for (let column = from; column < from + columns; column += 1) {
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < count; row += 1) {
      const value = rows[row * width + column] as number;
      sum += value;
      squares += value * value;
    }
    total += Math.max(0, squares / count - (sum / count) ** 2);
  }
  if (total === 0) return;
  const scale = 1 / Math.sqrt(total);
  for (let row = 0; row < count; row += 1)
    for (let column = from; column < from + columns; column += 1)
      rows[row * width + column] = (rows[row * width + column] as number) * scale;
}

function turn(rows: Float32Array, width: number, { mean, directions }: Axes): Points {
  const dimensions = directions.length;
  const count = width === 0 ? 0 : rows.length / width;
  const coordinates = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row += 1)
    directions.forEach((direction, axis) => {
      let sum = 0;
      for (let column = 0; column < width; column += 1)
        sum +=
          ((rows[row * width + column] as number) - (mean[column] as number)) * (direction[column] as number);
      coordinates[row * dimensions + axis] = sum;
    });
  return { dimensions, coordinates };
}

function typical({ dimensions, coordinates }: Points, seed: string): number {
  const count = dimensions === 0 ? 0 : coordinates.length / dimensions;
  if (count < 2) return 0;
  const rng = seededRng(`pairs:${seed}`);
  const distances = Array.from({ length: PAIRS }, () => {
    const one = integerBelow(rng, count);
    const other = (one + 1 + integerBelow(rng, count - 1)) % count;
    let sum = 0;
    for (let axis = 0; axis < dimensions; axis += 1)
      sum +=
        ((coordinates[one * dimensions + axis] ?? 0) - (coordinates[other * dimensions + axis] ?? 0)) ** 2;
    return Math.sqrt(sum);
  }).sort((a, b) => a - b);
  return distances[Math.floor(PAIRS / 2)] ?? 0;
}
