import type { SpecOf } from '../definitions/definition.js';
import { remaining } from './decay.js';
import { addPair, emptyPair, mergePair, referenceOf } from './decayed-pair.js';
import { at, type FeatureKind } from './kind.js';

/** What one event is to a rate: a bit each, for an event may be both. */
export const TOP = 1;
export const BOTTOM = 2;

/**
 * Slot: decayed top, decayed bottom, their reference time. Value: (top + prior × strength) / (bottom + strength), the
 * mean of a beta prior's posterior where each bottom has at most one top; above 1 where it has several. With strength 0
 * it is the plain share, unknown before the first bottom: it does not creep away from a prior as the log grows.
 */
export const rate: FeatureKind<SpecOf<'rate'>> = {
  initial: emptyPair,
  fold: (slots, offset, time, value, { halfLifeDays }) =>
    addPair(slots, offset, time, value & TOP ? 1 : 0, value & BOTTOM ? 1 : 0, halfLifeDays),
  merge: mergePair,
  read: (slots, offset, moment, { halfLifeDays, prior, strength }) => {
    const reference = referenceOf(slots, offset);
    if (reference === undefined) return undefined;
    if (strength === 0) {
      // Both have decayed alike.
      const bottom = at(slots, offset + 1);
      return bottom === 0 ? undefined : at(slots, offset) / bottom;
    }
    const left = remaining(moment - reference, halfLifeDays);
    return (at(slots, offset) * left + prior * strength) / (at(slots, offset + 1) * left + strength);
  },
  natural: ({ prior }) => prior,
};
