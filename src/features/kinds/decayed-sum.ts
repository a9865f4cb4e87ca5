import type { SpecOf } from '../definitions/definition.js';
import { remaining } from './decay.js';
import { at, type FeatureKind, type Slots } from './kind.js';

/**
 * Adds an amount of a time to a sum with a reference time: whichever is earlier decays to the later, which becomes the
 * reference. Forward decay, Cormode, Shkapenyuk, Srivastava and Xu, 2009.
 */
function add(slots: Slots, offset: number, time: number, amount: number, halfLifeDays: number): void {
  const reference = at(slots, offset + 1);
  if (time > reference) {
    slots[offset] = at(slots, offset) * remaining(time - reference, halfLifeDays) + amount;
    slots[offset + 1] = time;
  } else {
    slots[offset] = at(slots, offset) + amount * remaining(reference - time, halfLifeDays);
  }
}

/** Slot: sum at the reference, reference (time of the latest event). */
export const decayedSum: FeatureKind<SpecOf<'decayed-sum'>> = {
  initial: [0, -Infinity],
  fold: (slots, offset, time, value, { halfLifeDays }) => add(slots, offset, time, value, halfLifeDays),
  merge: (into, offset, from, fromOffset, { halfLifeDays }) => {
    const reference = at(from, fromOffset + 1);
    if (reference > -Infinity) add(into, offset, reference, at(from, fromOffset), halfLifeDays);
  },
  read: (slots, offset, moment, { halfLifeDays }) => {
    const reference = at(slots, offset + 1);
    return reference === -Infinity
      ? undefined
      : at(slots, offset) * remaining(moment - reference, halfLifeDays);
  },
  natural: () => 0,
};
