import { DAY } from '../../shared/index.js';
import type { SpecOf } from '../definitions/definition.js';
import { at, type FeatureKind } from './kind.js';

/** Slot: time of the first event. */
export const tenure: FeatureKind<SpecOf<'tenure'>> = {
  initial: [Infinity],
  fold: (slots, offset, time) => {
    if (time < at(slots, offset)) slots[offset] = time;
  },
  merge: (into, offset, from, fromOffset) => {
    if (at(from, fromOffset) < at(into, offset)) into[offset] = at(from, fromOffset);
  },
  read: (slots, offset, moment) => {
    const first = at(slots, offset);
    return first === Infinity ? undefined : Math.max(0, moment - first) / DAY;
  },
  natural: () => 0,
};
