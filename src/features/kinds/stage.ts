import { stages } from '../../catalogue/index.js';
import { DAY } from '../../shared/index.js';
import type { SpecOf } from '../definitions/definition.js';
import { at, type FeatureKind } from './kind.js';

/** Slot: latest time of each stage, aware first. `value` is the event's stage, 1 to 5. */
export const stage: FeatureKind<SpecOf<'stage'>> = {
  initial: stages.map(() => -Infinity),
  fold: (slots, offset, time, value) => {
    const place = offset + value - 1;
    if (time > at(slots, place)) slots[place] = time;
  },
  merge: (into, offset, from, fromOffset) => {
    for (let place = 0; place < stages.length; place += 1)
      into[offset + place] = Math.max(at(into, offset + place), at(from, fromOffset + place));
  },
  read: (slots, offset, moment, { windowDays }) => {
    const from = moment - windowDays * DAY;
    let known = false;
    for (let place = stages.length - 1; place >= 0; place -= 1) {
      const latest = at(slots, offset + place);
      if (latest > from) return place + 1;
      known ||= latest > -Infinity;
    }
    return known ? 0 : undefined;
  },
  natural: () => 0,
};
