import type { AccountInputs, CandidateInputs } from '../../recommender/index.js';
import type { CandidateProfile, Dataset } from '../dataset/dataset.js';
import { type NumberCode, numberCode, numberWidth, omittedCode, writeNumber } from './number-code.js';

/** One column a kept value; a known value that is not kept falls into the last column, `rare`. */
export interface CategoryCode {
  name: string;
  values: string[];
  /** Not read: it has no columns. */
  omitted?: true;
}

export const candidateFields = [
  'action',
  'channel',
  'treatment',
  'product',
  'intent',
  'purpose',
  'channelKind',
  'topic',
  'action×channel',
] as const;
export type CandidateField = (typeof candidateFields)[number];

/** One column a value; values never seen in training have none, so a new action is known by its other fields. */
export interface CandidateCode {
  field: CandidateField;
  values: string[];
}

/** Everything that turns inputs into columns; fitted on training rows and stored with the model. */
export interface Encoder {
  numbers: NumberCode[];
  categories: CategoryCode[];
  candidate: CandidateCode[];
  crosses: NumberCode[];
}

export interface EncoderSettings {
  /** Quantile bins of each number; 0: a straight line. */
  bins: number;
  /** Category values with fewer rows are rare. */
  rareBelow: number;
  /** Numbers, categories and crosses that are not to be read. */
  omit?: ReadonlySet<string>;
}

const QUANTILE_SAMPLE = 50_000;

export function fitEncoder(dataset: Dataset, rows: Int32Array, settings: EncoderSettings): Encoder {
  const { schema } = dataset;
  const number = (values: Float32Array, width: number) => (name: string, index: number) =>
    settings.omit?.has(name)
      ? omittedCode(name)
      : numberCode(name, knownValues(values, width, index, rows), settings.bins);
  return {
    numbers: schema.numbers.map(number(dataset.numbers, schema.numbers.length)),
    categories: schema.categories.map((name, index) =>
      settings.omit?.has(name)
        ? { name, values: [], omitted: true as const }
        : categoryCode(dataset, rows, name, index, settings.rareBelow),
    ),
    candidate: candidateCodes(dataset, rows),
    crosses: schema.crosses.map(number(dataset.crosses, schema.crosses.length)),
  };
}

/** Known values of one input in the rows, or in a part of very many, ascending. */
export function knownValues(
  values: Float32Array,
  width: number,
  index: number,
  rows: Int32Array,
): Float64Array {
  const stride = Math.max(1, Math.floor(rows.length / QUANTILE_SAMPLE));
  const known: number[] = [];
  for (let place = 0; place < rows.length; place += stride) {
    const value = values[(rows[place] ?? 0) * width + index] ?? NaN;
    if (Number.isFinite(value)) known.push(value);
  }
  return Float64Array.from(known).sort();
}

function categoryCode(
  dataset: Dataset,
  rows: Int32Array,
  name: string,
  index: number,
  rareBelow: number,
): CategoryCode {
  const width = dataset.schema.categories.length;
  const values = dataset.categoryValues[index] ?? [];
  const counts = new Int32Array(values.length);
  for (const row of rows) {
    const code = dataset.categories[row * width + index] ?? -1;
    if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  }
  return { name, values: values.filter((_, code) => (counts[code] ?? 0) >= rareBelow).sort() };
}

function candidateCodes(dataset: Dataset, rows: Int32Array): CandidateCode[] {
  const used = new Set<number>();
  for (const row of rows) used.add(dataset.profile[row] ?? -1);
  const profiles = dataset.profiles.filter((_, code) => used.has(code));
  return candidateFields.map((field) => ({
    field,
    values: [...new Set(profiles.flatMap((profile) => fieldValues(profile, field)))].sort(),
  }));
}

/** The values of a candidate in one field; topics are several, what it lacks is none. */
export function fieldValues(profile: CandidateProfile, field: CandidateField): readonly string[] {
  switch (field) {
    case 'action':
      return [profile.actionId];
    case 'channel':
      return [profile.channelId];
    case 'treatment':
      return profile.treatmentId === null ? [] : [`${profile.actionId}/${profile.treatmentId}`];
    case 'product':
      return profile.productId === null ? [] : [profile.productId];
    case 'intent':
      return [profile.intent];
    case 'purpose':
      return [profile.purpose];
    case 'channelKind':
      return [profile.channelKind];
    case 'topic':
      return profile.topics;
    case 'action×channel':
      return [`${profile.actionId}×${profile.channelId}`];
  }
}

export function categoryWidth(code: CategoryCode): number {
  return code.omitted ? 0 : code.values.length + 1;
}

export interface EncoderWidths {
  account: number;
  candidate: number;
  crosses: number;
}

export function widthsOf(encoder: Encoder): EncoderWidths {
  const sum = (widths: number[]) => widths.reduce((total, width) => total + width, 0);
  return {
    account: sum(encoder.numbers.map(numberWidth)) + sum(encoder.categories.map(categoryWidth)),
    candidate: sum(encoder.candidate.map((code) => code.values.length)),
    crosses: sum(encoder.crosses.map(numberWidth)),
  };
}

/** Writes an account's columns from `offset` on; the place must hold zeros. */
export function writeAccount(encoder: Encoder, inputs: AccountInputs, into: Float32Array, offset = 0): void {
  let place = offset;
  encoder.numbers.forEach((code, index) => {
    writeNumber(code, inputs.numbers[index] ?? NaN, into, place);
    place += numberWidth(code);
  });
  encoder.categories.forEach((code, index) => {
    const value = inputs.categories[index] ?? null;
    if (value !== null && !code.omitted) into[place + categoryColumn(code, value)] = 1;
    place += categoryWidth(code);
  });
}

/** Column of a known value within its category: its own, or the last for rare ones. */
export function categoryColumn(code: CategoryCode, value: string): number {
  const column = code.values.indexOf(value);
  return column < 0 ? code.values.length : column;
}

/** Writes the crosses' columns from `offset` on; the place must hold zeros. */
export function writeCrosses(
  encoder: Encoder,
  crosses: ArrayLike<number>,
  into: Float32Array,
  offset = 0,
): void {
  let place = offset;
  encoder.crosses.forEach((code, index) => {
    writeNumber(code, crosses[index] ?? NaN, into, place);
    place += numberWidth(code);
  });
}

/** Columns of a candidate that hold one, with the field each belongs to; all others are zero. */
export function candidateColumns(
  encoder: Encoder,
  profile: CandidateProfile,
): { column: number; field: CandidateField; value: string }[] {
  const columns: { column: number; field: CandidateField; value: string }[] = [];
  let place = 0;
  for (const { field, values } of encoder.candidate) {
    for (const value of fieldValues(profile, field)) {
      const index = values.indexOf(value);
      if (index >= 0) columns.push({ column: place + index, field, value });
    }
    place += values.length;
  }
  return columns;
}

/** Account, candidate and cross columns of one candidate as dense rows: for tests and explanations. */
export function encodeCase(encoder: Encoder, account: AccountInputs, candidate: CandidateInputs) {
  const widths = widthsOf(encoder);
  const rows = {
    account: new Float32Array(widths.account),
    candidate: new Float32Array(widths.candidate),
    crosses: new Float32Array(widths.crosses),
  };
  writeAccount(encoder, account, rows.account);
  for (const { column } of candidateColumns(encoder, candidate)) rows.candidate[column] = 1;
  writeCrosses(encoder, candidate.crosses, rows.crosses);
  return rows;
}
