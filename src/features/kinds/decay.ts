import { DAY } from '../../shared/index.js';

/**
 * Share that is left after a time: 2^(−elapsed / half-life). Times before the reference leave all of it.
 * An infinite time leaves nothing.
 */
export function remaining(elapsedMs: number, halfLifeDays: number): number {
  return elapsedMs <= 0 ? 1 : Math.exp((-Math.LN2 / (halfLifeDays * DAY)) * elapsedMs);
}
