import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR, MINUTE, SECOND, seededRng } from '../../shared/index.js';
import { ATTEMPT_SCHEDULE, delayAfter, JITTER } from './schedule.js';

const middle = { next: () => 0.5 };

describe('the schedule of attempts', () => {
  it('is the one of Standard Webhooks: ten attempts, the first at once', () => {
    expect(ATTEMPT_SCHEDULE).toHaveLength(10);
    expect(ATTEMPT_SCHEDULE[0]).toBe(0);
    expect(ATTEMPT_SCHEDULE.slice(1).map((_, step) => delayAfter(step, null, middle))).toEqual([
      5 * SECOND,
      5 * MINUTE,
      30 * MINUTE,
      2 * HOUR,
      5 * HOUR,
      10 * HOUR,
      14 * HOUR,
      20 * HOUR,
      24 * HOUR,
    ]);
  });

  it('ends after the last attempt, whatever the receiver asks for', () => {
    expect(delayAfter(9, null, middle)).toBeNull();
    expect(delayAfter(9, MINUTE, middle)).toBeNull();
  });

  it('is spread by a tenth to both sides, and by the same seed in the same way', () => {
    const drawn = Array.from({ length: 1000 }, (_, seed) => delayAfter(1, null, seededRng(`${seed}`)) ?? NaN);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(5 * MINUTE * (1 - JITTER));
    expect(Math.max(...drawn)).toBeLessThanOrEqual(5 * MINUTE * (1 + JITTER));
    expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(5 * MINUTE * JITTER * 1.8);
    expect(delayAfter(1, null, seededRng('7'))).toBe(drawn[7]);
  });

  it('waits at least as long as the receiver asks for, but no longer than a day, and never shorter than its own delay', () => {
    expect(delayAfter(0, 90 * SECOND, middle)).toBe(90 * SECOND);
    expect(delayAfter(0, 90 * DAY, middle)).toBe(DAY);
    expect(delayAfter(4, SECOND, middle)).toBe(5 * HOUR);
  });
});
