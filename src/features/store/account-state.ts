import type { AccountState } from '../feature-set.js';
import { fnv1a } from '../fnv1a.js';
import type { Group } from '../layout.js';

/** Owner of what is kept per account; ids of contacts are never empty. */
export const ACCOUNT = '';
/** Owner of what a contact did whom the event does not name; ids have no control characters. */
export const NO_CONTACT = '\u0000';

/**
 * Keys that one keyed group keeps for one owner: those with the smallest hashes, which is the same set in whatever order
 * they come (bottom-k sampling, Cohen and Kaplan 2007). Evicting the oldest would depend on the order of events.
 */
export const KEYS_KEPT = 1024;

/** Keys of a group, by their index in the owner's table, and where the slots of each begin. */
export interface KeyedPlaces {
  keys: number[];
  starts: number[];
  /** In a full group: the key that gives way first, and its place in `keys`. */
  last?: { place: number; key: string; hash: number } | undefined;
}

/** Where the slots of a group begin: one place, or one for each key. */
export type Places = number | KeyedPlaces;

/** The slots of one owner in one array. */
export class OwnerSlots {
  private indexOfKey: Map<string, number> | undefined;
  /** The key table may hold keys that no group has any more. */
  private evicted = false;

  constructor(
    public numbers: Float64Array,
    public used: number,
    /** By index of group; undefined where no event was folded. */
    readonly places: (Places | undefined)[],
    /** Different keys of all groups: the same product is a key of many. */
    public keys: string[],
  ) {}

  static empty(groups: number): OwnerSlots {
    return new OwnerSlots(new Float64Array(0), 0, Array.from<Places | undefined>({ length: groups }), []);
  }

  /** Where the group's slots begin; −1: none. */
  find(group: Group, key: string | undefined): number {
    const places = this.places[group.index];
    if (places === undefined) return -1;
    if (typeof places === 'number') return places;
    const index = key === undefined ? undefined : this.keyIndex().get(key);
    return index === undefined ? -1 : (places.starts[places.keys.indexOf(index)] ?? -1);
  }

  /** As `find`, but makes slots that are missing. −1: the group is full and this key is not among those kept. */
  findOrMake(group: Group, key: string | undefined): number {
    const places = this.places[group.index];
    if (typeof places === 'number') return places;
    if (key === undefined) {
      const made = this.allocate(group.initial);
      this.places[group.index] = made;
      return made;
    }
    const keyed = places ?? { keys: [], starts: [] };
    this.places[group.index] = keyed;
    const index = this.keyIndex().get(key);
    const known = index === undefined ? undefined : keyed.starts[keyed.keys.indexOf(index)];
    if (known !== undefined) return known;
    if (keyed.keys.length >= KEYS_KEPT) return this.evictFor(key, keyed, group);
    keyed.keys.push(index ?? this.addKey(key));
    const made = this.allocate(group.initial);
    keyed.starts.push(made);
    return made;
  }

  keysOf(group: Group): string[] {
    const places = this.places[group.index];
    if (places === undefined || typeof places === 'number') return [];
    return places.keys.map((index) => this.keyAt(index));
  }

  keyAt(index: number): string {
    return this.keys[index] as string;
  }

  /** Drops from the table the keys that no group has any more. */
  compactKeys(): void {
    if (!this.evicted) return;
    const old = this.keys;
    const moved = new Map<number, number>();
    this.keys = [];
    for (const places of this.places) {
      if (places === undefined || typeof places === 'number') continue;
      places.keys = places.keys.map((index) => {
        const known = moved.get(index) ?? this.keys.push(old[index] as string) - 1;
        moved.set(index, known);
        return known;
      });
    }
    this.indexOfKey = undefined;
    this.evicted = false;
  }

  private keyIndex(): Map<string, number> {
    this.indexOfKey ??= new Map(this.keys.map((key, index) => [key, index]));
    return this.indexOfKey;
  }

  private addKey(key: string): number {
    const index = this.keys.push(key) - 1;
    this.keyIndex().set(key, index);
    return index;
  }

  private evictFor(key: string, keyed: KeyedPlaces, group: Group): number {
    keyed.last ??= this.lastOf(keyed);
    const { last } = keyed;
    const hash = fnv1a(key);
    if (hash > last.hash || (hash === last.hash && key > last.key)) return -1;
    this.evicted = true;
    keyed.last = undefined;
    keyed.keys[last.place] = this.keyIndex().get(key) ?? this.addKey(key);
    const start = keyed.starts[last.place] as number;
    this.numbers.set(group.initial, start);
    return start;
  }

  private lastOf({ keys }: KeyedPlaces): { place: number; key: string; hash: number } {
    let last = { place: -1, key: '', hash: -1 };
    for (let place = 0; place < keys.length; place += 1) {
      const key = this.keyAt(keys[place] as number);
      const hash = fnv1a(key);
      if (hash > last.hash || (hash === last.hash && key > last.key)) last = { place, key, hash };
    }
    return last;
  }

  private allocate(initial: Float64Array): number {
    const place = this.used;
    this.used += initial.length;
    if (this.used > this.numbers.length) {
      const larger = new Float64Array(Math.max(64, 2 * this.numbers.length, this.used));
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers.set(initial, place);
    return place;
  }
}

/** An owner as bytes until somebody reads it, and then as slots; the bytes are kept while they are still true. */
export interface Owner {
  bytes: Uint8Array | null;
  slots: OwnerSlots | null;
}

export class FoldedState implements AccountState {
  readonly owners = new Map<string, Owner>();

  constructor(readonly featureSet: string) {}
}
