import type { AccountInputs, InputSchema } from '../../recommender/index.js';
import { seededRng } from '../../shared/index.js';

/**
 * What a correction may depend on, few numbers for any model: φ = [1, s, u₁ … u₄]. s is the model's own logit, centred
 * and bounded, so that a model that is too sure or not sure enough is corrected; u is a random projection of the
 * account's inputs (Johnson & Lindenstrauss, 1984), drawn once from the schema: kinds of accounts that answer otherwise
 * than the model thinks move some of it.
 */
export const PROJECTIONS = 4;
export const SIZE = 2 + PROJECTIONS;

/** Ordinary logit of a response, and the distance at which s has gone as far as it goes. */
const CENTRE = -2;
const SPREAD = 2;
const FURTHEST = 1.5;

export function slopeOf(logit: number): number {
  return Math.max(-FURTHEST, Math.min(FURTHEST, (logit - CENTRE) / SPREAD));
}

interface Projection {
  /** numbers × PROJECTIONS. */
  numbers: Float64Array;
  /** By category and value. */
  categories: Map<string, Float64Array>[];
  names: readonly string[];
  scale: number;
}

const projections = new WeakMap<InputSchema, Projection>();

function projectionOf(schema: InputSchema): Projection {
  let known = projections.get(schema);
  if (!known) {
    const numbers = Float64Array.from(schema.numbers.flatMap((name) => [...signs(name)]));
    const inputs = schema.numbers.length + schema.categories.length;
    known = {
      numbers,
      categories: schema.categories.map(() => new Map<string, Float64Array>()),
      names: schema.categories,
      scale: 1 / Math.sqrt(Math.max(1, inputs)),
    };
    projections.set(schema, known);
  }
  return known;
}

/** ±1 for each projection, the same for the same text everywhere. */
function signs(text: string): Float64Array {
  const rng = seededRng(`projection:${text}`);
  return Float64Array.from({ length: PROJECTIONS }, () => (rng.next() < 0.5 ? -1 : 1));
}

const MOST_VALUES = 1000;

/** The account's part u of φ. Numbers count by their order of magnitude; what is unknown counts nothing. */
export function projectionOfAccount(schema: InputSchema, inputs: AccountInputs): Float64Array {
  const { numbers, categories, names, scale } = projectionOf(schema);
  const sums = new Float64Array(PROJECTIONS);
  for (let index = 0; index < inputs.numbers.length; index += 1) {
    const value = inputs.numbers[index] as number;
    if (value !== value || value === 0) continue;
    const size = Math.min(2, Math.log1p(Math.abs(value)) / 2);
    const squashed = value < 0 ? -size : size;
    for (let place = 0; place < PROJECTIONS; place += 1)
      sums[place] = (sums[place] as number) + squashed * (numbers[index * PROJECTIONS + place] as number);
  }
  for (let index = 0; index < categories.length; index += 1) {
    const value = inputs.categories[index] ?? null;
    if (value === null) continue;
    const row = rowOf(categories[index] as Map<string, Float64Array>, names[index] ?? '', value);
    for (let place = 0; place < PROJECTIONS; place += 1)
      sums[place] = (sums[place] as number) + (row[place] as number);
  }
  for (let place = 0; place < PROJECTIONS; place += 1) sums[place] = (sums[place] as number) * scale;
  return sums;
}

function rowOf(known: Map<string, Float64Array>, name: string, value: string): Float64Array {
  let row = known.get(value);
  if (!row) {
    row = signs(`${name}=${value}`);
    if (known.size < MOST_VALUES) known.set(value, row);
  }
  return row;
}

/** φ of one candidate. */
export function representationOf(logit: number, account: Float64Array): Float64Array {
  const phi = new Float64Array(SIZE);
  phi[0] = 1;
  phi[1] = slopeOf(logit);
  phi.set(account, 2);
  return phi;
}
