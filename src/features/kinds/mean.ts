import type { SpecOf } from '../definitions/definition.js';
import { remaining } from './decay.js';
import { at, type FeatureKind, type Slots } from './kind.js';

function add(
  slots: Slots,
  offset: number,
  time: number,
  sum: number,
  weight: number,
  halfLifeDays: number,
): void {
  const reference = at(slots, offset + 2);
  const later = time > reference;
  const old = later ? remaining(time - reference, halfLifeDays) : 1;
  const added = later ? 1 : remaining(reference - time, halfLifeDays);
  slots[offset] = at(slots, offset) * old + sum * added;
  slots[offset + 1] = at(slots, offset + 1) * old + weight * added;
  if (later) slots[offset + 2] = time;
}

/** Slot: decayed sum of the property, decayed number of events, their reference time. The mean does not depend on `at`. */
export const mean: FeatureKind<SpecOf<'mean'>> = {
  initial: [0, 0, -Infinity],
  fold: (slots, offset, time, value, { halfLifeDays }) => add(slots, offset, time, value, 1, halfLifeDays),
  merge: (into, offset, from, fromOffset, { halfLifeDays }) => {
    const reference = at(from, fromOffset + 2);
    if (reference === -Infinity) return;
    add(into, offset, reference, at(from, fromOffset), at(from, fromOffset + 1), halfLifeDays);
  },
  read: (slots, offset) => {
    const weight = at(slots, offset + 1);
    return weight > 0 ? at(slots, offset) / weight : undefined;
  },
  natural: () => 0,
};
