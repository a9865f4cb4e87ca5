import { describe, expect, it } from '@jest/globals';
import { isId, TimeOrderedIds } from './ids.js';

describe('ids', () => {
  it('are UUIDs of version 7 that sort by time of making', () => {
    let now = Date.UTC(2026, 10, 22);
    const ids = new TimeOrderedIds(() => now);
    const made = Array.from({ length: 1000 }, () => {
      now += 1;
      return ids.next();
    });
    for (const id of made)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([...made].sort()).toEqual(made);
    expect(Number.parseInt(made[0]?.replace('-', '').slice(0, 12) ?? '', 16)).toBe(
      Date.UTC(2026, 10, 22) + 1,
    );
  });

  it('do not repeat within a millisecond', () => {
    const ids = new TimeOrderedIds(() => 0);
    expect(new Set(Array.from({ length: 5000 }, () => ids.next())).size).toBe(5000);
  });

  it('of callers have 1 to 128 characters and no control characters', () => {
    expect(isId('a')).toBe(true);
    expect(isId('x'.repeat(129))).toBe(false);
    expect(isId('')).toBe(false);
    expect(isId('a\u0000b')).toBe(false);
  });
});
