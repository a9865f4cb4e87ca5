import { remaining } from './decay.js';
import { at, type Slots } from './kind.js';

/** Slot of two sums that fade together: the first, the second, and the moment in milliseconds that both are as of. */
export const emptyPair: readonly number[] = [0, 0, -Infinity];

/** Undefined before the first event. */
export function referenceOf(slots: Slots, offset: number): number | undefined {
  const reference = at(slots, offset + 2);
  return reference === -Infinity ? undefined : reference;
}

/** Adds to both sums what is as of `time`; the pair is then as of the later moment. */
export function addPair(
  slots: Slots,
  offset: number,
  time: number,
  first: number,
  second: number,
  halfLifeDays: number,
): void {
  const reference = at(slots, offset + 2);
  const later = time > reference;
  const old = later ? remaining(time - reference, halfLifeDays) : 1;
  const added = later ? 1 : remaining(reference - time, halfLifeDays);
  slots[offset] = at(slots, offset) * old + first * added;
  slots[offset + 1] = at(slots, offset + 1) * old + second * added;
  if (later) slots[offset + 2] = time;
}

/** A kind's `merge`. */
export function mergePair(
  into: Slots,
  offset: number,
  from: Slots,
  fromOffset: number,
  { halfLifeDays }: { halfLifeDays: number },
): void {
  const reference = referenceOf(from, fromOffset);
  if (reference === undefined) return;
  addPair(into, offset, reference, at(from, fromOffset), at(from, fromOffset + 1), halfLifeDays);
}
