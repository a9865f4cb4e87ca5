import type { Action, Channel, Product, Treatment } from '../../catalogue/index.js';
import type { FeatureDefinition, FeatureKindName, FeatureReadout } from '../../features/index.js';
import { type CrossKey, splitCross } from './input-schema.js';
import type { CandidateInputs, InputSchema } from './propensity-model.js';

/** What a candidate is, without the account: the same for everybody. */
export type CandidateKeys = Omit<CandidateInputs, 'crosses'>;

/** An action's own topics; where it names none, its product's. */
export function topicsOf(
  action: Pick<Action, 'topics'>,
  product: Pick<Product, 'topics'> | null,
): readonly string[] {
  return action.topics.length > 0 ? action.topics : (product?.topics ?? []);
}

export function candidateKeys(
  action: Action,
  product: Product | null,
  channel: Channel,
  treatment: Treatment | null,
): CandidateKeys {
  return {
    actionId: action.actionId,
    channelId: channel.channelId,
    treatmentId: treatment?.treatmentId ?? null,
    productId: product?.productId ?? null,
    topics: topicsOf(action, product),
    intent: action.intent,
    purpose: action.purpose,
    outcomeId: action.outcomeId,
    channelKind: channel.kind,
  };
}

/**
 * The candidate's side of the model's inputs for one account: its keys, and the account's history with it in the order
 * of `schema.crosses`, NaN where unknown. Over several topics sums and counts add, recencies take the nearest, rates
 * and means the average.
 */
export function candidateInputs(
  schema: InputSchema,
  definitions: readonly FeatureDefinition[],
  keys: CandidateKeys,
  readout: FeatureReadout,
): CandidateInputs {
  const cells = new CrossCells(schema, definitions);
  const places = cells.placesOf(keys);
  return { ...keys, crosses: cells.crossesAt(places, cells.read(readout)) };
}

interface Cell {
  name: string;
  keys: readonly string[];
  kind: FeatureKindName;
}

/**
 * The distinct values that the crosses of a whole catalogue read of an account: many candidates share an action, a
 * topic or a channel, so that each is read once for an account and then only copied.
 */
export class CrossCells {
  private readonly crosses: { name: string; key: CrossKey; kind: FeatureKindName }[];
  private readonly cells: Cell[] = [];
  private readonly placeOf = new Map<string, number>();
  /** By feature: the cell of each single key, so that what an account knows is looked up, not what it does not. */
  private readonly single = new Map<string, Map<string, number>>();
  private readonly several: number[] = [];
  private block = new Float32Array(0);
  private taken = 0;

  constructor(schema: InputSchema, definitions: readonly FeatureDefinition[]) {
    const kinds = new Map(definitions.map(({ name, kind }) => [name, kind]));
    this.crosses = schema.crosses.map((cross) => {
      const split = splitCross(cross);
      return { ...split, kind: kinds.get(split.name) ?? 'decayed-sum' };
    });
  }

  /** For each cross, the cell that it reads; −1: the candidate has no such key. Makes the cells that are missing. */
  placesOf(keys: CandidateKeys): Int32Array {
    return Int32Array.from(this.crosses, ({ name, key, kind }) => {
      const values = keysOf(keys, key);
      if (values.length === 0) return -1;
      const label = `${name}\u0000${values.join('\u0000')}`;
      const known = this.placeOf.get(label);
      return known ?? this.add(label, { name, keys: values, kind });
    });
  }

  private add(label: string, cell: Cell): number {
    const place = this.cells.push(cell) - 1;
    this.placeOf.set(label, place);
    const [only] = cell.keys;
    if (cell.keys.length > 1 || only === undefined) {
      this.several.push(place);
    } else {
      const ofFeature = this.single.get(cell.name) ?? new Map<string, number>();
      this.single.set(cell.name, ofFeature.set(only, place));
    }
    return place;
  }

  /** Values of all cells for one account and contact. */
  read(readout: FeatureReadout): Float32Array {
    const values = new Float32Array(this.cells.length).fill(NaN);
    for (const [name, places] of this.single) {
      readout.each(name, (key, value) => {
        const place = places.get(key);
        if (place !== undefined) values[place] = value ?? NaN;
      });
    }
    for (const place of this.several) {
      const cell = this.cells[place];
      if (cell) values[place] = combined(cell, readout);
    }
    return values;
  }

  private room(width: number): Float32Array {
    if (this.taken + width > this.block.length) {
      this.block = new Float32Array(Math.max(NUMBERS_A_BLOCK, width));
      this.taken = 0;
    }
    this.taken += width;
    return this.block.subarray(this.taken - width, this.taken);
  }

  /** One candidate's crosses from the values of all cells; into `crosses` where that is given. */
  crossesAt(places: Int32Array, values: Float32Array, crosses = this.room(places.length)): Float32Array {
    for (let index = 0; index < places.length; index += 1) {
      const place = places[index] as number;
      crosses[index] = place < 0 ? NaN : (values[place] as number);
    }
    return crosses;
  }
}

/** Numbers that are taken from the heap at once: a small array of its own costs more than what is in it. */
const NUMBERS_A_BLOCK = 1024;

function keysOf(keys: CandidateKeys, key: CrossKey): readonly string[] {
  switch (key) {
    case 'action':
      return [keys.actionId];
    case 'channel':
      return [keys.channelId];
    case 'product':
      return keys.productId === null ? [] : [keys.productId];
    case 'treatment':
      return keys.treatmentId === null ? [] : [keys.treatmentId];
    case 'topic':
      return keys.topics;
  }
}

function combined({ name, keys, kind }: Cell, readout: FeatureReadout): number {
  let known = 0;
  let sum = 0;
  let least = Infinity;
  let most = -Infinity;
  for (const key of keys) {
    const value = readout.value(name, key);
    if (value === undefined) continue;
    known += 1;
    sum += value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (known === 0) return NaN;
  switch (kind) {
    case 'recency':
      return least;
    case 'tenure':
    case 'stage':
      return most;
    case 'rate':
    case 'mean':
      return sum / known;
    default:
      return sum;
  }
}
