import type { FeatureDefinition } from '../../features/index.js';
import {
  type AccountInputs,
  type InputSchema,
  PROFILE_PLACES,
  splitCross,
  splitInput,
} from '../../recommender/index.js';

import type { HeadSizes } from './head-layout.js';

/** A vector of which most is zero. */
export interface Sparse {
  places: Int32Array;
  values: Float64Array;
}

/** What can be read of a suggestion that was made, as it is kept with its trial. */
export interface HeadInputs {
  /** The model's own logit. */
  logit: number;
  account: Sparse;
  crosses: Sparse;
  /** Hour of the week in which it was carried out, local to the contact (0 is Monday 00:00); null: unknown. */
  hour: number | null;
}

/** Ordinary logit of a response, and the distance at which the slope has gone as far as it goes. */
const CENTRE = -2;
const SPREAD = 2;
const FURTHEST = 1.5;

/** The model's own logit, centred and bounded: so that one that is too sure, or not sure enough, is corrected. */
function slopeOf(logit: number): number {
  return Math.max(-FURTHEST, Math.min(FURTHEST, (logit - CENTRE) / SPREAD));
}

/** Days since something after which it counts half. */
const RECENT_DAYS = 5;
/** Numbers count by their order of magnitude, up to this. */
const LARGEST = 8;
/** Different values of categories that are told apart; later ones count nothing. */
const MOST_VALUES = 256;
/** Codes of category values are whole numbers that float32 keeps exactly. */
const CODES = 2 ** 24;

/**
 * Puts what a model reads on one scale, without having seen any of it before: counts, sums and rates by ln(1 + x),
 * times since something by 1 / (1 + days / 5). What is unknown is 0 in both: it never happened. A category's value has a
 * place of its own, given when it is first learned from.
 */
export class InputScales {
  private readonly recentNumbers: readonly boolean[];
  private readonly recentCrosses: readonly boolean[];
  private readonly names: readonly string[];
  private readonly codes = new Map<string, number>();

  constructor(
    readonly schema: InputSchema,
    definitions: readonly FeatureDefinition[],
    /** Codes of category values in the order of their places; grows with `learned`. */
    readonly values: number[],
  ) {
    const recent = new Set(
      definitions.filter(({ kind }) => kind === 'recency' || kind === 'tenure').map(({ name }) => name),
    );
    this.recentNumbers = schema.numbers.map((input) => recent.has(splitInput(input).name));
    this.recentCrosses = schema.crosses.map((cross) => recent.has(splitCross(cross).name));
    this.names = schema.categories;
    values.forEach((code, place) => this.placeOf.set(code, place));
  }

  private readonly placeOf = new Map<number, number>();

  /**
   * An account's vector: one, numbers, values of categories, profiles; a candidate's: crosses, and the slope of the
   * model's logit.
   */
  get sizes(): HeadSizes {
    const { numbers, categories, crosses } = this.schema;
    return {
      account: this.profilesFrom + this.profilePlaces,
      accountInputs: numbers.length + categories.length,
      crosses: crosses.length + 1,
    };
  }

  private get profilesFrom(): number {
    return 1 + this.schema.numbers.length + MOST_VALUES;
  }

  private get profilePlaces(): number {
    return PROFILE_PLACES * (this.schema.profiles?.length ?? 0);
  }

  account({ numbers, categories, profile }: AccountInputs): Sparse {
    const codes = categories.map((value, index) => (value === null ? NaN : this.code(index, value)));
    return this.scaled({ numbers, codes, pairs: pairsOf(profile) }, false);
  }

  crosses(crosses: Float32Array, logit: number): Sparse {
    const sparse = new SparseMaker();
    for (let place = 0; place < this.recentCrosses.length; place += 1)
      sparse.add(place, scaled(crosses[place] as number, this.recentCrosses[place] as boolean));
    sparse.add(this.recentCrosses.length, slopeOf(logit));
    return sparse.made();
  }

  /** Σ over blocks of weights × crosses(…), without making the vector. */
  crossSum(weights: Float64Array, starts: Int32Array, crosses: Float32Array, logit: number): number {
    const last = this.recentCrosses.length;
    let sum = 0;
    for (let place = 0; place <= last; place += 1) {
      const value =
        place === last
          ? slopeOf(logit)
          : scaled(crosses[place] as number, this.recentCrosses[place] as boolean);
      if (value === 0) continue;
      for (let block = 0; block < starts.length; block += 1)
        sum += (weights[(starts[block] as number) + place] as number) * value;
    }
    return sum;
  }

  /**
   * As it is kept with a trial: logit, numbers, crosses, codes of categories, places and values of the profiles, hour of
   * the week.
   */
  pack(logit: number, account: AccountInputs, crosses: Float32Array, hour: number): Float32Array {
    const codes = account.categories.map((value, index) => (value === null ? NaN : this.code(index, value)));
    return Float32Array.of(
      logit,
      ...account.numbers,
      ...crosses,
      ...codes,
      ...pairsOf(account.profile),
      hour,
    );
  }

  /** What was packed; category values that are new get a place. Null where it was packed for other inputs. */
  unpack(packed: Float32Array): HeadInputs | null {
    const { numbers, crosses, categories } = this.schema;
    const logit = packed[0] as number;
    const ofCrosses = 1 + numbers.length;
    const ofCodes = ofCrosses + crosses.length;
    const ofPairs = ofCodes + categories.length;
    if (packed.length < ofPairs) return null;
    // pairs, then the hour: what was kept before there were hours has none
    const hours = (packed.length - ofPairs) % 2;
    const ends = packed.length - hours;
    return {
      logit,
      hour: hours === 0 ? null : (packed[ends] as number),
      account: this.scaled(
        {
          numbers: packed.subarray(1, ofCrosses),
          codes: packed.subarray(ofCodes, ofPairs),
          pairs: packed.subarray(ofPairs, ends),
        },
        true,
      ),
      crosses: this.crosses(packed.subarray(ofCrosses, ofCodes), logit),
    };
  }

  private scaled({ numbers, codes, pairs }: AccountNumbers, learning: boolean): Sparse {
    const sparse = new SparseMaker();
    sparse.add(0, 1);
    for (let index = 0; index < numbers.length; index += 1)
      sparse.add(1 + index, scaled(numbers[index] as number, this.recentNumbers[index] as boolean));
    for (let index = 0; index < codes.length; index += 1) {
      const code = codes[index] as number;
      const place = code !== code ? undefined : this.placeOfCode(code, learning);
      if (place !== undefined) sparse.add(1 + this.schema.numbers.length + place, 1);
    }
    for (let index = 0; index < pairs.length; index += 2) {
      const place = pairs[index] as number;
      if (place < this.profilePlaces)
        sparse.add(this.profilesFrom + place, scaled(pairs[index + 1] as number, false));
    }
    return sparse.made();
  }

  private placeOfCode(code: number, learning: boolean): number | undefined {
    const known = this.placeOf.get(code);
    if (known !== undefined || !learning || this.values.length >= MOST_VALUES) return known;
    const place = this.values.push(code) - 1;
    this.placeOf.set(code, place);
    return place;
  }

  private code(index: number, value: string): number {
    const text = `${this.names[index] ?? ''}=${value}`;
    let code = this.codes.get(text);
    if (code === undefined) {
      code = codeOf(text);
      if (this.codes.size < 4 * MOST_VALUES) this.codes.set(text, code);
    }
    return code;
  }
}

interface AccountNumbers {
  numbers: ArrayLike<number>;
  codes: ArrayLike<number>;
  /** Place and value of what is not zero in the profiles. */
  pairs: ArrayLike<number>;
}

function pairsOf(profile: Float32Array | undefined): number[] {
  const pairs: number[] = [];
  profile?.forEach((value, place) => {
    if (value !== 0) pairs.push(place, value);
  });
  return pairs;
}

class SparseMaker {
  private readonly places: number[] = [];
  private readonly values: number[] = [];

  add(place: number, value: number): void {
    if (value === 0) return;
    this.places.push(place);
    this.values.push(value);
  }

  made(): Sparse {
    return { places: Int32Array.from(this.places), values: Float64Array.from(this.values) };
  }
}

function scaled(value: number, recent: boolean): number {
  if (value !== value) return 0;
  if (recent) return 1 / (1 + Math.max(0, value) / RECENT_DAYS);
  const size = Math.min(LARGEST, Math.log1p(Math.abs(value)));
  return value < 0 ? -size : size;
}

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a, folded to 24 bits. */
function codeOf(text: string): number {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  return ((hash >>> 24) ^ hash) & (CODES - 1);
}
