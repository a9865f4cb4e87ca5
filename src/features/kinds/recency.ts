import { DAY } from '../../shared/index.js';
import type { SpecOf } from '../definitions/definition.js';
import { at, type FeatureKind } from './kind.js';

/** Slot: time of the latest event. */
export const recency: FeatureKind<SpecOf<'recency'>> = {
  initial: [-Infinity],
  fold: (slots, offset, time) => {
    if (time > at(slots, offset)) slots[offset] = time;
  },
  merge: (into, offset, from, fromOffset) => {
    if (at(from, fromOffset) > at(into, offset)) into[offset] = at(from, fromOffset);
  },
  read: (slots, offset, moment) => {
    const latest = at(slots, offset);
    return latest === -Infinity ? undefined : Math.max(0, moment - latest) / DAY;
  },
  natural: () => Infinity,
};
