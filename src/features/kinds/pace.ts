import { DAY } from '../../shared/index.js';
import type { SpecOf } from '../definitions/definition.js';
import { at, type FeatureKind } from './kind.js';

/**
 * Slot: sum, time of the owner's first event of any name. Value: sum / (days since then + `leastDays`). Unlike a sum it
 * does not grow with the length of the log.
 */
export const pace: FeatureKind<SpecOf<'pace'>> = {
  initial: [0, Infinity],
  fold: (slots, offset, time, value) => {
    slots[offset] = at(slots, offset) + value;
    if (time < at(slots, offset + 1)) slots[offset + 1] = time;
  },
  merge: (into, offset, from, fromOffset) => {
    into[offset] = at(into, offset) + at(from, fromOffset);
    if (at(from, fromOffset + 1) < at(into, offset + 1)) into[offset + 1] = at(from, fromOffset + 1);
  },
  read: (slots, offset, moment, { leastDays }) => {
    const first = at(slots, offset + 1);
    return first === Infinity
      ? undefined
      : at(slots, offset) / (Math.max(0, moment - first) / DAY + leastDays);
  },
  natural: () => 0,
};
