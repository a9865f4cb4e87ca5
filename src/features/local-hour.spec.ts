import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR } from '../shared/index.js';
import { localHourOfWeek } from './local-hour.js';

const hour = (iso: string, zone: string): number => localHourOfWeek(Date.parse(iso), zone);

describe('localHourOfWeek', () => {
  it('counts from Monday 00:00', () => {
    expect(hour('2026-03-02T00:00:00Z', 'UTC')).toBe(0);
    expect(hour('2026-03-08T23:59:59Z', 'UTC')).toBe(167);
  });

  it('uses the local time of the zone, with half and quarter hours', () => {
    expect(hour('2026-03-02T09:00:00Z', 'Europe/Berlin')).toBe(10);
    expect(hour('2026-03-02T20:29:00Z', 'Asia/Tehran')).toBe(23);
    expect(hour('2026-03-02T20:30:00Z', 'Asia/Tehran')).toBe(24);
    expect(hour('2026-03-02T18:15:00Z', 'Asia/Kathmandu')).toBe(24);
    expect(hour('2026-03-02T04:59:00Z', 'America/New_York')).toBe(167);
  });

  it('follows the clock on the day it is changed', () => {
    expect(hour('2026-03-29T00:59:00Z', 'Europe/Berlin')).toBe(6 * 24 + 1);
    expect(hour('2026-03-29T01:00:00Z', 'Europe/Berlin')).toBe(6 * 24 + 3);
  });

  it('agrees with the formatter hour by hour over a year', () => {
    const formats = ['Europe/London', 'America/St_Johns', 'Australia/Lord_Howe'].map((zone) => ({
      zone,
      format: new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        weekday: 'short',
        hour: '2-digit',
        hour12: false,
      }),
    }));
    const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
    const start = Date.parse('2025-01-01T00:00:00Z');
    for (let time = start; time < start + 365 * DAY; time += 7 * HOUR) {
      for (const { zone, format } of formats) {
        const parts = format.formatToParts(time);
        const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
        expect([zone, time, localHourOfWeek(time, zone)]).toEqual([
          zone,
          time,
          weekdays.indexOf(part('weekday')) * 24 + (Number(part('hour')) % 24),
        ]);
      }
    }
  });

  it('takes a name that is no zone for UTC', () => {
    expect(hour('2026-03-02T09:00:00Z', 'Mars/Olympus')).toBe(9);
    expect(hour('2026-03-02T09:00:00Z', '')).toBe(9);
  });

  it('counts hours before 1970 too', () => {
    expect(hour('1969-12-31T23:00:00Z', 'UTC')).toBe(2 * 24 + 23);
    expect(hour('1969-12-01T00:00:00Z', 'UTC')).toBe(0);
  });
});
