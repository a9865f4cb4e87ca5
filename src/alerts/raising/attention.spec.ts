import { describe, expect, it } from '@jest/globals';
import type { MemberId } from '../../catalogue/index.js';
import { MINUTE } from '../../shared/index.js';
import type { AlertId } from '../alert.js';
import { alertSettings } from '../settings.js';
import { heldUntil, joinedTo } from './attention.js';

const held = (at: string, zone: string | null, priority = 50) =>
  heldUntil(new Date(at), zone, priority, alertSettings)?.toISOString() ?? null;

describe('an alert in the night', () => {
  it('is held until the morning of the member, in her own zone', () => {
    expect(held('2026-03-02T19:30:00Z', 'Europe/Berlin')).toBe('2026-03-03T07:00:00.000Z');
    expect(held('2026-03-03T06:59:00Z', 'Europe/Berlin')).toBe('2026-03-03T07:00:00.000Z');
    expect(held('2026-03-02T19:30:00Z', 'Asia/Tehran')).toBe('2026-03-03T04:30:00.000Z');
  });

  it('is held until eight on the wall when the clocks change in between', () => {
    expect(held('2026-03-28T22:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T06:00:00.000Z');
  });

  it('disturbs by day, when it is urgent, and where her zone is not known', () => {
    expect(held('2026-03-02T07:00:00Z', 'Europe/Berlin')).toBeNull();
    expect(held('2026-03-02T18:59:00Z', 'Europe/Berlin')).toBeNull();
    expect(held('2026-03-02T23:00:00Z', 'Europe/Berlin', 90)).toBeNull();
    expect(held('2026-03-02T23:00:00Z', null)).toBeNull();
  });
});

describe('alerts of one hour', () => {
  const at = new Date('2026-03-02T10:00:00Z');
  const announced = (count: number, minutesAgo: number) =>
    Array.from({ length: count }, (_, index) => ({
      alertId: `alert-${index}` as AlertId,
      memberId: 'mia' as MemberId,
      raisedAt: new Date(at.getTime() - minutesAgo * MINUTE),
    }));
  const most = alertSettings.perMemberPerHour;

  it('ask for attention up to the share, and are joined to the latest beyond it', () => {
    expect(joinedTo(announced(most - 1, 5), at, 50, alertSettings)).toBeNull();
    expect(joinedTo(announced(most, 5), at, 50, alertSettings)).toBe(`alert-${most - 1}`);
  });

  it('are not joined when the others are an hour old, or when one is urgent', () => {
    expect(joinedTo(announced(most, 60), at, 50, alertSettings)).toBeNull();
    expect(joinedTo(announced(most, 5), at, 95, alertSettings)).toBeNull();
  });
});
