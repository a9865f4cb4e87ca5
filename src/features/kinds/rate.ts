import type { SpecOf } from '../definitions/definition.js';
import { remaining } from './decay.js';
import { at, type FeatureKind, type Slots } from './kind.js';

/** What one event is to a rate: a bit each, for an event may be both. */
export const TOP = 1;
export const BOTTOM = 2;

function add(
  slots: Slots,
  offset: number,
  time: number,
  top: number,
  bottom: number,
  halfLifeDays: number,
): void {
  const reference = at(slots, offset + 2);
  const later = time > reference;
  const old = later ? remaining(time - reference, halfLifeDays) : 1;
  const added = later ? 1 : remaining(reference - time, halfLifeDays);
  slots[offset] = at(slots, offset) * old + top * added;
  slots[offset + 1] = at(slots, offset + 1) * old + bottom * added;
  if (later) slots[offset + 2] = time;
}

/**
 * Slot: decayed top, decayed bottom, their reference time. Value: (top + prior × strength) / (bottom + strength), the
 * mean of a beta prior's posterior where each bottom has at most one top; above 1 where it has several.
 */
export const rate: FeatureKind<SpecOf<'rate'>> = {
  initial: [0, 0, -Infinity],
  fold: (slots, offset, time, value, { halfLifeDays }) =>
    add(slots, offset, time, value & TOP ? 1 : 0, value & BOTTOM ? 1 : 0, halfLifeDays),
  merge: (into, offset, from, fromOffset, { halfLifeDays }) => {
    const reference = at(from, fromOffset + 2);
    if (reference === -Infinity) return;
    add(into, offset, reference, at(from, fromOffset), at(from, fromOffset + 1), halfLifeDays);
  },
  read: (slots, offset, moment, { halfLifeDays, prior, strength }) => {
    const reference = at(slots, offset + 2);
    if (reference === -Infinity) return undefined;
    const left = remaining(moment - reference, halfLifeDays);
    return (at(slots, offset) * left + prior * strength) / (at(slots, offset + 1) * left + strength);
  },
  natural: ({ prior }) => prior,
};
