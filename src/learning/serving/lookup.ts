import type { NumberCode } from '../training/number-code.js';

/**
 * What one number adds to the units that read it. Known + line + pieces is a straight line between neighbouring knots,
 * so that a value costs one interpolation between two rows of a table instead of one product a column.
 */
export interface NumberTable {
  /** Ascending; values outside are held at the ends. Empty: the number is not read. */
  knots: Float64Array;
  /** knots × width: what a value at the knot adds. */
  at: Float64Array;
}

const KNOWN = 0;
const LINE = 1;
const FIRST_PIECE = 2;

/** Table of one number from its rows of the weights, which start at row `first` and are `width` wide. */
export function numberTable(
  code: NumberCode,
  weights: Float32Array,
  first: number,
  width: number,
): NumberTable {
  if (code.omitted) return { knots: new Float64Array(0), at: new Float64Array(0) };
  const ends = code.low === code.high ? [code.low] : [code.low, code.high];
  const knots = Float64Array.from(code.knots.length > 0 ? code.knots : ends);
  const at = new Float64Array(knots.length * width);
  const weight = (row: number, unit: number) => weights[(first + row) * width + unit] ?? 0;
  for (let unit = 0; unit < width; unit += 1) {
    let pieces = 0;
    for (let knot = 0; knot < knots.length; knot += 1) {
      if (knot > 0 && code.knots.length > 0) pieces += weight(FIRST_PIECE + knot - 1, unit);
      const line = ((knots[knot] ?? 0) - code.mean) / code.deviation;
      at[knot * width + unit] = weight(KNOWN, unit) + line * weight(LINE, unit) + pieces;
    }
  }
  return { knots, at };
}

/** Adds factor × what a known value gives to `sums`. */
export function addNumber(
  table: NumberTable,
  value: number,
  width: number,
  sums: Float64Array,
  factor = 1,
): void {
  const { knots, at } = table;
  const last = knots.length - 1;
  if (last < 0) return;
  let piece = 0;
  if (value >= (knots[last] as number)) piece = last;
  else if (value > (knots[0] as number)) {
    let high = last;
    while (high - piece > 1) {
      const middle = (piece + high) >> 1;
      if ((knots[middle] as number) <= value) piece = middle;
      else high = middle;
    }
  }
  const from = knots[piece] as number;
  const offset = piece * width;
  const share = piece === last || value <= from ? 0 : (value - from) / ((knots[piece + 1] as number) - from);
  if (share === 0) {
    for (let unit = 0; unit < width; unit += 1)
      sums[unit] = (sums[unit] as number) + factor * (at[offset + unit] as number);
    return;
  }
  const here = factor * (1 - share);
  const next = factor * share;
  for (let unit = 0; unit < width; unit += 1) {
    sums[unit] =
      (sums[unit] as number) +
      here * (at[offset + unit] as number) +
      next * (at[offset + width + unit] as number);
  }
}

/** y += x A for A of rows × columns; zeros of x cost nothing. */
export function addProduct(x: Float64Array, matrix: Float32Array, columns: number, y: Float64Array): void {
  for (let row = 0; row < x.length; row += 1) {
    const factor = x[row] as number;
    if (factor === 0) continue;
    const offset = row * columns;
    for (let column = 0; column < columns; column += 1) {
      y[column] = (y[column] as number) + factor * (matrix[offset + column] as number);
    }
  }
}

export function rectify(values: Float64Array): void {
  for (let index = 0; index < values.length; index += 1) if ((values[index] as number) < 0) values[index] = 0;
}
