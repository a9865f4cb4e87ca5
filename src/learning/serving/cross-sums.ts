import type { CandidateProfile } from '../dataset/dataset.js';
import { addNumber, type NumberTable } from './lookup.js';

/** What a group of crosses adds to the joint layer, remembered for the account at hand. */
interface Remembered {
  account: number;
  /** Crosses of the candidate that it was computed for. */
  from: Float32Array;
  /** Null: nothing is known, nothing is added. */
  sums: Float64Array | null;
  /** Memory of `sums`, used again for the next account. */
  room: Float64Array;
}

interface Group {
  key: string;
  places: Int32Array;
  codes: Map<string, number>;
  remembered: Remembered[];
}

/** One candidate's crosses: the cell that each reads (−1: none), and the values of all cells. */
export interface CellCrosses {
  cells: Int32Array;
  values: Float32Array;
}

const NEVER = -1;
/** Keys of one group that are kept; a catalogue that changes does not fill the memory. */
const MOST_KEYS = 20_000;
const NOTHING = new Float32Array(0);

/**
 * Sums over the account's history with a candidate. Crosses are read at the candidate's action, channel, product, … so
 * that candidates that share a key share what is added: it is computed once an account and, after a look at whether the
 * values are indeed the same, only added.
 */
export class CrossSums {
  private readonly groups: Group[];
  private account = 0;

  constructor(
    names: readonly string[],
    private readonly tables: readonly NumberTable[],
    private readonly width: number,
  ) {
    const read = names.flatMap((name, place) =>
      (tables[place]?.knots.length ?? 0) > 0 ? [{ key: keyOf(name), place }] : [],
    );
    const keys = [...new Set(read.map(({ key }) => key))];
    this.groups = keys.map((key) => ({
      key,
      places: Int32Array.from(read.flatMap((cross) => (cross.key === key ? [cross.place] : []))),
      codes: new Map(),
      remembered: [],
    }));
  }

  /** To be called when the next account begins. */
  nextAccount(): void {
    this.account += 1;
  }

  /** For each group, the number of this candidate's key in it. */
  codesOf(profile: CandidateProfile): Int32Array {
    return Int32Array.from(this.groups, (group) => {
      const value = valueOf(profile, group.key);
      const known = group.codes.get(value);
      if (known !== undefined) return known;
      const code = group.codes.size % MOST_KEYS;
      group.codes.set(value, code);
      group.remembered[code] ??= {
        account: NEVER,
        from: NOTHING,
        sums: null,
        room: new Float64Array(this.width),
      };
      return code;
    });
  }

  add(codes: Int32Array, crosses: Float32Array, into: Float64Array): void {
    const { groups, width } = this;
    for (let index = 0; index < groups.length; index += 1) {
      const group = groups[index] as Group;
      const remembered = group.remembered[codes[index] as number] as Remembered;
      if (remembered.account !== this.account || !same(group.places, remembered.from, crosses)) {
        this.compute(group, remembered, crosses);
      }
      const { sums } = remembered;
      if (sums === null) continue;
      for (let unit = 0; unit < width; unit += 1)
        into[unit] = (into[unit] as number) + (sums[unit] as number);
    }
  }

  /** `add` where a key decides which cells are read, so that nothing has to be compared. */
  addCells(codes: Int32Array, { cells, values }: CellCrosses, into: Float64Array): void {
    const { groups, width } = this;
    for (let index = 0; index < groups.length; index += 1) {
      const group = groups[index] as Group;
      const remembered = group.remembered[codes[index] as number] as Remembered;
      if (remembered.account !== this.account) {
        this.begin(remembered, NOTHING);
        for (const place of group.places) {
          const cell = cells[place] as number;
          if (cell >= 0) this.addTo(remembered, place, values[cell] as number);
        }
      }
      const { sums } = remembered;
      if (sums === null) continue;
      for (let unit = 0; unit < width; unit += 1)
        into[unit] = (into[unit] as number) + (sums[unit] as number);
    }
  }

  private compute(group: Group, remembered: Remembered, crosses: Float32Array): void {
    this.begin(remembered, crosses);
    for (let index = 0; index < group.places.length; index += 1) {
      const place = group.places[index] as number;
      this.addTo(remembered, place, crosses[place] as number);
    }
  }

  private begin(remembered: Remembered, crosses: Float32Array): void {
    remembered.account = this.account;
    remembered.from = crosses;
    remembered.sums = null;
  }

  private addTo(remembered: Remembered, place: number, value: number): void {
    if (Number.isNaN(value)) return;
    remembered.sums ??= remembered.room.fill(0);
    addNumber(this.tables[place] as NumberTable, value, this.width, remembered.sums);
  }
}

function same(places: Int32Array, one: Float32Array, other: Float32Array): boolean {
  if (one === other) return true;
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index] as number;
    const [a, b] = [one[place] as number, other[place] as number];
    if (a !== b && !(Number.isNaN(a) && Number.isNaN(b))) return false;
  }
  return true;
}

/** `topicReads@topic` is read at the candidate's topic. */
function keyOf(cross: string): string {
  return cross.slice(cross.lastIndexOf('@') + 1);
}

function valueOf(profile: CandidateProfile, key: string): string {
  switch (key) {
    case 'action':
      return profile.actionId;
    case 'channel':
      return profile.channelId;
    case 'product':
      return profile.productId ?? '';
    case 'treatment':
      return `${profile.actionId}/${profile.treatmentId ?? ''}`;
    case 'topic':
      return profile.topics.join('\u0001');
    default:
      return `${profile.actionId}/${profile.channelId}/${profile.productId ?? ''}/${profile.treatmentId ?? ''}`;
  }
}
