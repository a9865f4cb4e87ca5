import { describe, expect, it } from '@jest/globals';
import { channel } from '../../test/support/recommender.js';
import { nextRoom, paceSpans } from './begin-touch-pace.js';

/** Wednesday, 12:30 in Berlin. */
const at = new Date('2026-03-04T11:30:00Z');
const limits = (changes: object) =>
  paceSpans(channel('email', changes), at, 'Europe/Berlin').map(({ span, limit }) => [span, limit]);

describe('the pace of a channel', () => {
  it('is free where no capacity is declared', () => {
    expect(limits({ capacityPerDay: null })).toEqual([]);
  });

  it('spreads the day over the hours that the channel is open that day, rounded up', () => {
    const hours = {
      wed: [
        ['09:00', '12:00'],
        ['13:30', '15:00'],
      ],
      thu: [['09:00', '10:00']],
    };
    expect(limits({ capacityPerDay: 10, hours })).toEqual([
      ['day', 10],
      ['hour', 3],
    ]);
    expect(limits({ capacityPerDay: 25 })).toEqual([
      ['day', 25],
      ['hour', 3],
    ]);
    expect(limits({ capacityPerDay: 4, hours: {} })).toEqual([
      ['day', 4],
      ['hour', 4],
    ]);
  });

  it('counts days and hours as the clock of the deployment has them', () => {
    const [day, hour] = paceSpans(channel('email', { capacityPerDay: 1 }), at, 'Asia/Tehran');
    expect(day?.startsAt).toEqual(new Date('2026-03-03T20:30:00Z'));
    expect(hour?.startsAt).toEqual(new Date('2026-03-04T11:30:00Z'));
  });

  it('has room again when the hour is over', () => {
    const spans = paceSpans(channel('email', { capacityPerDay: 1 }), at, 'Europe/Berlin');
    expect(nextRoom(spans, at)).toEqual(new Date('2026-03-04T12:00:00Z'));
  });
});
