/** Rows of an experiment: what was known before the treatment, which arm each row got, and what followed. */
export interface RandomisedRows {
  rows: number;
  /** Names of the arms; the first is the control. */
  arms: readonly string[];
  /** Place in `arms`. */
  arm: Int32Array;
  outcome: Float64Array;
  /** Columns of numbers, NaN where unknown. */
  numbers: readonly NumberColumn[];
  /** Columns of categories. */
  categories: readonly CategoryColumn[];
}

export interface NumberColumn {
  name: string;
  values: Float64Array;
}

export interface CategoryColumn {
  name: string;
  /** What there is to be told apart. */
  values: readonly string[];
  /** Place in `values`, −1 where unknown. */
  codes: Int32Array;
}

/** Whether the outcome is 0 or 1 in every row: else it is a number, such as an amount of money. */
export function isBinary(outcome: Float64Array): boolean {
  return outcome.every((value) => value === 0 || value === 1);
}

export function shareOfArms({ arms, arm }: RandomisedRows, rows: Int32Array): Float64Array {
  const counts = new Float64Array(arms.length);
  for (const row of rows) counts[arm[row] as number] = (counts[arm[row] as number] as number) + 1;
  return counts.map((count) => count / rows.length);
}

export function meanOutcome({ outcome }: RandomisedRows, rows: Int32Array): number {
  let sum = 0;
  for (const row of rows) sum += outcome[row] as number;
  return rows.length === 0 ? 0 : sum / rows.length;
}

export function deviationOf(values: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place] as number;
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
}
