import { DAY } from '../../shared/index.js';
import type { SpecOf } from '../definitions/definition.js';
import { at, type FeatureKind, type Slots } from './kind.js';

/**
 * Different values that are kept: those with the smallest hashes, which is the same set in whatever order they come
 * (bottom-k sampling, Cohen and Kaplan 2007). Beyond it the number no longer rises.
 */
export const DIVERSITY_BOUND = 32;

/** Adds a value's hash (a whole number above 0) with its latest time. */
function see(slots: Slots, offset: number, hash: number, time: number): void {
  let free = -1;
  let largest = offset;
  for (let place = offset; place < offset + 2 * DIVERSITY_BOUND; place += 2) {
    const held = at(slots, place);
    if (held === hash) {
      if (time > at(slots, place + 1)) slots[place + 1] = time;
      return;
    }
    if (held === 0) {
      free = place;
      break;
    }
    if (held > at(slots, largest)) largest = place;
  }
  if (free < 0 && hash > at(slots, largest)) return;
  const place = free < 0 ? largest : free;
  slots[place] = hash;
  slots[place + 1] = time;
}

/** Slot: pairs of a value's hash and the time it was last seen; free pairs, all at the end, are 0. */
export const diversity: FeatureKind<SpecOf<'diversity'>> = {
  initial: Array.from({ length: 2 * DIVERSITY_BOUND }, () => 0),
  fold: (slots, offset, time, value) => see(slots, offset, value, time),
  merge: (into, offset, from, fromOffset) => {
    for (let pair = 0; pair < 2 * DIVERSITY_BOUND; pair += 2) {
      const hash = at(from, fromOffset + pair);
      if (hash === 0) return;
      see(into, offset, hash, at(from, fromOffset + pair + 1));
    }
  },
  read: (slots, offset, moment, { windowDays }) => {
    if (at(slots, offset) === 0) return undefined;
    const from = moment - windowDays * DAY;
    let recent = 0;
    for (let pair = 0; pair < 2 * DIVERSITY_BOUND; pair += 2) {
      if (at(slots, offset + pair) === 0) break;
      if (at(slots, offset + pair + 1) > from) recent += 1;
    }
    return recent;
  },
  natural: () => 0,
};
