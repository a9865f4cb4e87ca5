import type { SpecOf } from '../definitions/definition.js';
import { at, type FeatureKind } from './kind.js';

/** Slot: events counted, events of `less` counted. */
export const count: FeatureKind<SpecOf<'count'>> = {
  initial: [0, 0],
  fold: (slots, offset, _time, value) => {
    const place = value > 0 ? offset : offset + 1;
    slots[place] = at(slots, place) + 1;
  },
  merge: (into, offset, from, fromOffset) => {
    into[offset] = at(into, offset) + at(from, fromOffset);
    into[offset + 1] = at(into, offset + 1) + at(from, fromOffset + 1);
  },
  read: (slots, offset) => {
    const counted = at(slots, offset);
    const less = at(slots, offset + 1);
    return counted + less === 0 ? undefined : Math.max(0, counted - less);
  },
  natural: () => 0,
};
