import type { SpecOf } from '../definitions/definition.js';
import { addPair, emptyPair, mergePair } from './decayed-pair.js';
import { at, type FeatureKind } from './kind.js';

/** Slot: decayed sum of the property, decayed number of events, their reference time. The mean does not depend on `at`. */
export const mean: FeatureKind<SpecOf<'mean'>> = {
  initial: emptyPair,
  fold: (slots, offset, time, value, { halfLifeDays }) =>
    addPair(slots, offset, time, value, 1, halfLifeDays),
  merge: mergePair,
  read: (slots, offset) => {
    const weight = at(slots, offset + 1);
    return weight > 0 ? at(slots, offset) / weight : undefined;
  },
  natural: () => 0,
};
