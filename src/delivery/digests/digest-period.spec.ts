import { describe, expect, it } from '@jest/globals';
import { type DigestPlace, nextAfter, periodAt } from './digest-period.js';
import type { DigestSetting } from './digest-setting.js';

const berlin: DigestPlace = { timeZone: 'Europe/Berlin', country: 'DE' };
const tehran: DigestPlace = { timeZone: 'Asia/Tehran', country: 'IR' };
const daily: DigestSetting = { cadence: 'daily', hour: 8, changedAt: null };
const weekly: DigestSetting = { ...daily, cadence: 'weekly' };
const due = (setting: DigestSetting, place: DigestPlace, at: string) =>
  periodAt(setting, place, new Date(at))?.period ?? null;

describe('a daily digest', () => {
  it('is due from its hour on the wall of the member until the end of her day', () => {
    // a Monday; Berlin is an hour ahead
    expect(due(daily, berlin, '2026-03-02T06:59:59Z')).toBeNull();
    expect(due(daily, berlin, '2026-03-02T07:00:00Z')).toBe('d2026-03-02');
    expect(due(daily, berlin, '2026-03-02T22:59:59Z')).toBe('d2026-03-02');
    expect(due(daily, berlin, '2026-03-02T23:00:00Z')).toBeNull();
    expect(due(daily, tehran, '2026-03-02T04:30:00Z')).toBe('d2026-03-02');
  });

  it('comes on the working days of her country, and not on its holidays', () => {
    const days = (place: DigestPlace) =>
      Array.from({ length: 7 }, (_, day) =>
        due(daily, place, new Date(Date.UTC(2026, 1, 16 + day, 12)).toISOString()),
      ).map((period) => period !== null);
    // from Monday the sixteenth of February
    expect(days(berlin)).toEqual([true, true, true, true, true, false, false]);
    expect(days({ ...berlin, country: null })).toEqual([true, true, true, true, true, false, false]);
    // Iran rests on Friday, and on Thursday from noon: at eight one still works
    expect(days(tehran)).toEqual([true, true, true, true, false, true, true]);
    expect(due({ ...daily, hour: 13 }, tehran, '2026-02-19T12:00:00Z')).toBeNull();
    // Labour Day, a Friday
    expect(due(daily, berlin, '2026-05-01T12:00:00Z')).toBeNull();
  });

  it('keeps its hour when the clocks change', () => {
    expect(due(daily, berlin, '2026-03-30T05:59:00Z')).toBeNull();
    expect(due(daily, berlin, '2026-03-30T06:00:00Z')).toBe('d2026-03-30');
    expect(
      periodAt({ ...daily, hour: 2 }, { ...berlin, country: 'IR' }, new Date('2026-03-29T10:00:00Z')),
    ).toMatchObject({ period: 'd2026-03-29', dueAt: new Date('2026-03-29T01:00:00Z') });
  });

  it('that was asked for only after its hour begins tomorrow', () => {
    const changedAt = new Date('2026-03-02T09:00:00Z');
    expect(due({ ...daily, changedAt }, berlin, '2026-03-02T10:00:00Z')).toBeNull();
    expect(due({ ...daily, changedAt }, berlin, '2026-03-03T07:00:00Z')).toBe('d2026-03-03');
  });
});

describe('a weekly digest', () => {
  it('is due on the first working day of her week, and for a second day', () => {
    expect(due(weekly, berlin, '2026-03-01T12:00:00Z')).toBeNull();
    expect(due(weekly, berlin, '2026-03-02T07:00:00Z')).toBe('w2026-03-02');
    expect(due(weekly, berlin, '2026-03-03T22:59:00Z')).toBe('w2026-03-02');
    expect(due(weekly, berlin, '2026-03-03T23:00:00Z')).toBeNull();
    // a week in Tehran begins on Saturday
    expect(due(weekly, tehran, '2026-02-07T05:00:00Z')).toBe('w2026-02-07');
    expect(due(weekly, tehran, '2026-02-10T05:00:00Z')).toBeNull();
  });

  it('comes on Tuesday where Monday is a holiday', () => {
    // Easter Monday
    expect(due(weekly, berlin, '2026-04-06T12:00:00Z')).toBeNull();
    expect(due(weekly, berlin, '2026-04-07T06:00:00Z')).toBe('w2026-04-06');
  });
});

describe('the next digest', () => {
  it('is known', () => {
    const at = new Date('2026-03-06T12:00:00Z'); // a Friday
    expect(nextAfter(daily, berlin, at)).toEqual(new Date('2026-03-09T07:00:00Z'));
    expect(nextAfter(daily, tehran, at)).toEqual(new Date('2026-03-07T04:30:00Z'));
    expect(nextAfter(weekly, berlin, at)).toEqual(new Date('2026-03-09T07:00:00Z'));
    expect(nextAfter({ ...daily, cadence: 'off' }, berlin, at)).toBeNull();
    expect(periodAt(daily, berlin, at)?.nextAt).toEqual(new Date('2026-03-09T07:00:00Z'));
  });
});
