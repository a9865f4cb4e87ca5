import { DAY } from '../../shared/index.js';
import type { Past, Pasts } from './pasts.js';

/** How often one account orders one item, and when it is due again. */
export interface Rhythm {
  /** Days on which it was ordered. */
  orders: number;
  /** Usual days between two orders (the median), above 0; drawn towards those of others. */
  everyDays: number;
  /** The account's own usual days (the geometric mean); NaN after one order. */
  ownDays: number;
  /** Spread of the logarithm of those days: 0.1 is punctual, 1 is anything. */
  spread: number;
  /** Days since the last order. */
  sinceDays: number;
  /** Chance that the account still orders it at all, in [0, 1]. */
  alive: number;
}

/** What holds for all accounts and items, and what a pair with few orders is drawn towards. */
interface Population {
  /** Mean of the logarithm of days between two orders. */
  level: number;
  /** Variance of that logarithm within a pair of account and item. */
  within: number;
  /** How many gaps the population's level weighs: within / between. */
  strength: number;
  /** Chance that an order was the last one: after the first order of an item, and after a later one. */
  stops: readonly [afterFirst: number, afterLater: number];
}

/** Gaps that the population's spread weighs. */
const SPREAD_STRENGTH = 4;
/** Before anything is known: about every six weeks, anything between two weeks and four months, half of all come again. */
const UNKNOWN: Population = { level: Math.log(45), within: 0.5, strength: 0.5, stops: [0.5, 0.2] };
const LEAST_VARIANCE = 0.0025;
const ROUNDS = 25;

/**
 * Rhythms of repeat purchase. The days between two orders of one item by one account are log-logistic,
 *   S(t) = 1 / (1 + (t / median)^shape),  shape = π / (√3 spread),
 * its median and spread drawn towards those of all pairs by empirical Bayes; after each order the account stops ordering
 * the item with a chance of its own (as customers do in BG/NBD: Fader, Hardie, Lee 2005), found by expectation
 * maximisation. So what is long overdue is taken for stopped, not for due.
 */
export class Rhythms {
  private constructor(
    private readonly population: Population,
    private readonly asOf: number,
  ) {}

  static fit({ accounts, asOf }: Pasts): Rhythms {
    const pairs = accounts.flatMap((past) => [...past.values()].map((moments) => gapsOf(moments)));
    const levelled = levelsOf(pairs);
    const rhythms = new Rhythms(levelled, asOf);
    return new Rhythms({ ...levelled, stops: rhythms.stops(accounts) }, asOf);
  }

  /** Of one pair; `moments` in order, at least one. */
  of(moments: readonly number[]): Rhythm {
    const gaps = gapsOf(moments);
    const { stops } = this.population;
    const ownDays = gaps.length === 0 ? NaN : Math.exp(sum(gaps) / gaps.length);
    const rhythm = {
      ...this.pace(gaps),
      ownDays,
      orders: gaps.length + 1,
      sinceDays: this.since(moments),
      alive: 1,
    };
    const stop = stops[gaps.length === 0 ? 0 : 1];
    const waits = (1 - stop) * survival(rhythm, rhythm.sinceDays);
    rhythm.alive = waits / (waits + stop || 1);
    return rhythm;
  }

  private since(moments: readonly number[]): number {
    return Math.max(0, this.asOf - (moments.at(-1) ?? this.asOf)) / DAY;
  }

  private pace(gaps: readonly number[]): Pick<Rhythm, 'everyDays' | 'spread'> {
    const { level, within, strength } = this.population;
    const weight = strength + gaps.length;
    const mean = (strength * level + sum(gaps)) / weight;
    const own = gaps.length === 0 ? 0 : sum(gaps) / gaps.length;
    const squares = gaps.reduce((total, gap) => total + (gap - own) ** 2, 0);
    const free = Math.max(0, gaps.length - 1);
    const variance = Math.max(
      LEAST_VARIANCE,
      (SPREAD_STRENGTH * within + squares) / (SPREAD_STRENGTH + free),
    );
    return { everyDays: Math.exp(mean), spread: Math.sqrt(variance * (1 + 1 / weight)) };
  }

  /** Chances to stop by expectation maximisation: an order followed by another was not the last. */
  private stops(accounts: readonly Past[]): [number, number] {
    const open: [number[], number[]] = [[], []];
    const closed: [number, number] = [0, 0];
    for (const past of accounts) {
      for (const moments of past.values()) {
        const rhythm = { ...this.pace(gapsOf(moments)), sinceDays: this.since(moments) };
        const orders = gapsOf(moments).length + 1;
        open[orders === 1 ? 0 : 1].push(survival(rhythm, rhythm.sinceDays));
        if (orders > 1) closed[0] += 1;
        closed[1] += Math.max(0, orders - 2);
      }
    }
    return [
      stopChance(open[0], closed[0], UNKNOWN.stops[0]),
      stopChance(open[1], closed[1], UNKNOWN.stops[1]),
    ];
  }
}

/** Chance that no order came within so many days of the last, of an account that goes on ordering. */
function survival({ everyDays, spread }: Pick<Rhythm, 'everyDays' | 'spread'>, days: number): number {
  if (days <= 0) return 1;
  return 1 / (1 + (days / everyDays) ** (Math.PI / (Math.sqrt(3) * spread)));
}

/** Chance of an order within the next `days`, in [0, 1]. */
export function chanceWithin(rhythm: Rhythm, days: number): number {
  const now = survival(rhythm, rhythm.sinceDays);
  if (now === 0) return 0;
  return rhythm.alive * (1 - survival(rhythm, rhythm.sinceDays + days) / now);
}

/** Days until the next order is usual; below 0: overdue. */
export function dueInDays({ everyDays, sinceDays }: Rhythm): number {
  return everyDays - sinceDays;
}

/** Logarithms of the days between orders; orders of one day are one. */
function gapsOf(moments: readonly number[]): number[] {
  const gaps: number[] = [];
  let last = moments[0] ?? 0;
  for (const moment of moments) {
    const days = (moment - last) / DAY;
    if (days < 1) continue;
    gaps.push(Math.log(days));
    last = moment;
  }
  return gaps;
}

/**
 * Level, variance within and between pairs, over pairs with two gaps or more. The variance within is the geometric mean
 * of theirs (unbiased for its logarithm), so that pairs without any rhythm do not blur those that have one.
 */
function levelsOf(pairs: readonly (readonly number[])[]): Population {
  const several = pairs.filter(({ length }) => length >= 2);
  if (several.length < 2) return UNKNOWN;
  const means = several.map((gaps) => sum(gaps) / gaps.length);
  const logVariances = several.map((gaps, place) => {
    const free = gaps.length - 1;
    const squares = gaps.reduce((total, gap) => total + (gap - (means[place] ?? 0)) ** 2, 0);
    // E ln(χ²ₖ / k) = ψ(k/2) − ln(k/2) ≈ −1/k − 1/(3k²)
    return Math.log(Math.max(LEAST_VARIANCE, squares / free)) + 1 / free + 1 / (3 * free * free);
  });
  const within = Math.exp(sum(logVariances) / logVariances.length);
  const level = sum(means) / means.length;
  const ofMeans = means.reduce((total, mean) => total + (mean - level) ** 2, 0) / (means.length - 1);
  const noise = within * (several.reduce((total, { length }) => total + 1 / length, 0) / several.length);
  const between = Math.max(within / 20, ofMeans - noise);
  return { ...UNKNOWN, level, within, strength: within / between };
}

function stopChance(open: readonly number[], closed: number, from: number): number {
  if (open.length === 0) return from;
  let stop = from;
  for (let round = 0; round < ROUNDS; round += 1) {
    const stopped = open.reduce((total, waiting) => total + stop / (stop + (1 - stop) * waiting || 1), 0);
    stop = Math.min(0.999, Math.max(0.001, stopped / (open.length + closed)));
  }
  return stop;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
