import type { CategoryColumn, NumberColumn, RandomisedRows } from './randomised-rows.js';

/** Numbers as a linear model reads them, row by row; column 0 is always 1. */
export interface Design {
  width: number;
  values: Float64Array;
}

/** How a column of the table becomes a column of the design: raw value, less the centre, over the spread. */
interface Standardised {
  centre: number;
  spread: number;
}

export type DesignColumn = Standardised &
  (
    | { kind: 'number'; name: string; mean: number }
    /** Share of the way from one knot to the next, 0 before and 1 after: piecewise linear. */
    | { kind: 'stretch'; name: string; from: number; to: number; mean: number }
    | { kind: 'missing'; name: string }
    | { kind: 'category'; name: string; value: string }
  );

/** A category is told apart when at least this share, and this many, of the training rows have it. */
const RARE_SHARE = 0.005;
const RARE_ROWS = 20;
const MOST_CATEGORIES = 40;
/** Numbers with fewer distinct values than this have no stretches. */
const FEW_VALUES = 3;
const SAME = 1e-9;

/**
 * Chooses the columns of the design from training rows alone: numbers on a common scale, with `stretches` piecewise
 * linear columns between their quantiles, a column for missing values, and one for each category that is not rare.
 */
export function designColumns(data: RandomisedRows, train: Int32Array, stretches: number): DesignColumn[] {
  const raw = [
    ...data.categories.flatMap((column) => ofCategory(column, train)),
    ...data.numbers.flatMap((column) => ofNumber(column, train, stretches)),
  ];
  const values = new Float64Array(train.length);
  return raw.flatMap((column): DesignColumn[] => {
    const read = reader(data, column);
    train.forEach((row, place) => (values[place] = read(row)));
    const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
    return spread > SAME ? [{ ...column, centre, spread }] : [];
  });
}

/** All rows of a table through these columns; a column that the table lacks is at its centre. */
export function designOf(data: RandomisedRows, columns: readonly DesignColumn[]): Design {
  const width = columns.length + 1;
  const values = new Float64Array(data.rows * width);
  for (let row = 0; row < data.rows; row += 1) values[row * width] = 1;
  columns.forEach((column, place) => {
    const read = reader(data, column);
    const { centre, spread } = column;
    for (let row = 0; row < data.rows; row += 1)
      values[row * width + place + 1] = (read(row) - centre) / spread;
  });
  return { width, values };
}

/** The same design with one more column. */
export function withColumn({ width, values }: Design, added: Float64Array): Design {
  const wider = new Float64Array(added.length * (width + 1));
  for (let row = 0; row < added.length; row += 1) {
    wider.set(values.subarray(row * width, (row + 1) * width), row * (width + 1));
    wider[row * (width + 1) + width] = added[row] as number;
  }
  return { width: width + 1, values: wider };
}

type RawColumn = DesignColumn extends infer Column
  ? Column extends DesignColumn
    ? Omit<Column, keyof Standardised> & Standardised
    : never
  : never;

const unscaled: Standardised = { centre: 0, spread: 1 };

function ofNumber({ name, values }: NumberColumn, train: Int32Array, stretches: number): RawColumn[] {
  const known = Float64Array.from(train, (row) => values[row] as number)
    .filter((value) => !Number.isNaN(value))
    .sort();
  if (known.length === 0) return [];
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const columns: RawColumn[] = [{ kind: 'number', name, mean, ...unscaled }];
  if (known.length < train.length) columns.push({ kind: 'missing', name, ...unscaled });
  if (stretches === 0 || new Set(known).size < FEW_VALUES) return columns;
  const knots = Array.from(
    { length: stretches + 1 },
    (_, knot) => known[Math.round((knot / stretches) * (known.length - 1))] as number,
  );
  knots.forEach((from, knot) => {
    const to = knots[knot + 1];
    if (to !== undefined && to > from) columns.push({ kind: 'stretch', name, from, to, mean, ...unscaled });
  });
  return columns;
}

function ofCategory({ name, values, codes }: CategoryColumn, train: Int32Array): RawColumn[] {
  const counts = new Float64Array(values.length);
  for (const row of train) {
    const code = codes[row] as number;
    if (code >= 0) counts[code] = (counts[code] as number) + 1;
  }
  const least = Math.max(RARE_ROWS, RARE_SHARE * train.length);
  return values
    .map((value, code) => ({ value, count: counts[code] as number }))
    .filter(({ count }) => count >= least)
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_CATEGORIES)
    .map(({ value }) => ({ kind: 'category', name, value, ...unscaled }));
}

function reader(data: RandomisedRows, column: DesignColumn): (row: number) => number {
  if (column.kind === 'category') {
    const found = data.categories.find(({ name }) => name === column.name);
    const wanted = found?.values.indexOf(column.value) ?? -1;
    if (!found) return () => column.centre;
    return wanted < 0 ? () => 0 : (row) => (found.codes[row] === wanted ? 1 : 0);
  }
  const values = data.numbers.find(({ name }) => name === column.name)?.values;
  if (!values) return () => column.centre;
  if (column.kind === 'missing') return (row) => (Number.isNaN(values[row]) ? 1 : 0);
  const known = (row: number) => {
    const value = values[row] as number;
    return Number.isNaN(value) ? column.mean : value;
  };
  if (column.kind === 'number') return known;
  const { from, to } = column;
  return (row) => Math.min(1, Math.max(0, (known(row) - from) / (to - from)));
}
