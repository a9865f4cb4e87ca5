import { integerBelow, type Rng } from '../../shared/index.js';

/** Of the standard normal, for 95 %. */
const Z = 1.959964;
const RESAMPLES = 1000;
const TAIL = 0.025;

export interface Interval {
  low: number;
  high: number;
}

/**
 * 95 % score interval of a proportion (Wilson, 1927):
 *   (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n).
 * Everything from 0 to 1 where nothing was tried.
 */
export function wilson(succeeded: number, tried: number): Interval {
  if (tried === 0) return { low: 0, high: 1 };
  const share = succeeded / tried;
  const z2 = (Z * Z) / tried;
  const centre = share + z2 / 2;
  const half = Z * Math.sqrt((share * (1 - share)) / tried + z2 / (4 * tried));
  return {
    low: succeeded === 0 ? 0 : (centre - half) / (1 + z2),
    high: succeeded === tried ? 1 : (centre + half) / (1 + z2),
  };
}

/** The middle value; of an even number the mean of both. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** 95 % percentile interval of a statistic by resampling the items (Efron, 1979); resamples that have none are left out. */
export function resampled<Item>(
  items: readonly Item[],
  statistic: (drawn: readonly Item[]) => number,
  rng: Rng,
): Interval {
  const values: number[] = [];
  for (let round = 0; round < RESAMPLES; round += 1) {
    const drawn = items.map(() => items[integerBelow(rng, items.length)] as Item);
    const value = statistic(drawn);
    if (!Number.isNaN(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? NaN;
  return { low: at(TAIL), high: at(1 - TAIL) };
}
