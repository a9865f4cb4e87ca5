import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ContactId } from '../catalogue/index.js';
import { compileFeatureSet } from './compile-feature-set.js';
import { standardFeatures } from './definitions/standard.js';
import { replay } from './replay.js';
import { at, event } from '../../test/support/features.js';

const featureSet = compileFeatureSet(standardFeatures);
const ana = 'ana' as ContactId;
const berlin = (): string => 'Europe/Berlin';

function counted(events: ReturnType<typeof event>[], days: number[]): (number | undefined)[] {
  const found: (number | undefined)[] = days.map(() => undefined);
  const moments = days.map((day) => ({ at: at(day), contactId: ana }));
  replay(featureSet, events, moments, berlin, (readout, place) => {
    found[place] = readout.value('touches');
  });
  return found;
}

describe('replay', () => {
  it('shows a moment only what had happened before it', () => {
    const touches = [
      event({ name: 'Email Sent', occurredAt: at(1) }),
      event({ name: 'Email Sent', occurredAt: at(2) }),
    ];
    expect(counted(touches, [2.5, 0, 1, 2])).toEqual([2, undefined, undefined, 1]);
  });

  it('shows a moment only what had reached us', () => {
    const late = event({ name: 'Email Sent', occurredAt: at(1), recordedAt: at(5) });
    expect(counted([late], [2, 4.9, 5, 6])).toEqual([undefined, undefined, 1, 1]);
  });

  it('equals the fold of the visible events, for any history and moments', () => {
    const times = fc.integer({ min: 0, max: 240 }).map((hours) => hours / 24);
    const histories = fc.array(
      fc.record({
        name: fc.constantFrom('Email Sent', 'Email Opened', 'Page Viewed', 'Order Completed'),
        occurred: times,
        delay: fc.constantFrom(0, 0, 0.5, 3),
        value: fc.integer({ min: 0, max: 100 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(histories, fc.array(times, { maxLength: 10 }), (history, days) => {
        const events = history.map(({ name, occurred, delay, value }) =>
          event({ name, occurredAt: at(occurred), recordedAt: at(occurred + delay), properties: { value } }),
        );
        const moments = days.map((day) => ({ at: at(day), contactId: ana }));
        replay(featureSet, events, moments, berlin, (readout, place) => {
          const moment = moments[place]?.at ?? at(NaN);
          const state = featureSet.empty();
          for (const each of events)
            if (each.occurredAt < moment && each.recordedAt <= moment)
              featureSet.fold(state, each, { timeZone: berlin() });
          const wanted = featureSet.read(state, ana, moment).scalars();
          const found = readout.scalars();
          const wrong = Object.entries(wanted).filter(
            ([name, value]) =>
              found[name] !== value &&
              !(Math.abs((found[name] ?? NaN) - value) <= 1e-9 * Math.max(1, Math.abs(value))),
          );
          expect(wrong).toEqual([]);
        });
      }),
      { numRuns: 100 },
    );
  });
});
