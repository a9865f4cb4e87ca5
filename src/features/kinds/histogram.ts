import type { SpecOf } from '../definitions/definition.js';
import { at, type FeatureKind, type Slots } from './kind.js';

export const HOURS_OF_WEEK = 168;

/** Events in all hours together. */
export function eventsIn(slots: Slots, offset: number): number {
  let total = 0;
  for (let hour = 0; hour < HOURS_OF_WEEK; hour += 1) total += at(slots, offset + hour);
  return total;
}

/** Share of events in each hour of the week; undefined when there are none. */
export function shares(slots: Slots, offset: number): Float32Array | undefined {
  const total = eventsIn(slots, offset);
  if (total === 0) return undefined;
  const share = new Float32Array(HOURS_OF_WEEK);
  for (let hour = 0; hour < HOURS_OF_WEEK; hour += 1) share[hour] = at(slots, offset + hour) / total;
  return share;
}

/** Slot: events in each hour of the week. As one number it reads as the busiest hour (0–167), the earliest of equals. */
export const histogram: FeatureKind<SpecOf<'histogram'>> = {
  initial: Array.from({ length: HOURS_OF_WEEK }, () => 0),
  fold: (slots, offset, _time, value) => {
    slots[offset + value] = at(slots, offset + value) + 1;
  },
  merge: (into, offset, from, fromOffset) => {
    for (let hour = 0; hour < HOURS_OF_WEEK; hour += 1)
      into[offset + hour] = at(into, offset + hour) + at(from, fromOffset + hour);
  },
  read: (slots, offset) => {
    let busiest: number | undefined;
    let most = 0;
    for (let hour = 0; hour < HOURS_OF_WEEK; hour += 1) {
      if (at(slots, offset + hour) <= most) continue;
      most = at(slots, offset + hour);
      busiest = hour;
    }
    return busiest;
  },
  natural: () => -1,
};
