import { DAY } from '../../shared/index.js';
import { ComparedItems } from './compared.js';
import type { Past, Pasts } from './pasts.js';
import { chanceWithin, type Rhythm, Rhythms } from './rhythm.js';
import type { NextProductSettings } from './settings.js';

/** Days within which a repeat purchase counts as coming. */
export const REPEAT_DAYS = 30;

/**
 * How the account's basket fits an item: by EASE, as it is and in the account's own spread; and by what else those
 * bought who bought the same, whenever that was, as a logarithm and in the account's own spread.
 */
export const fitSignals = ['fit', 'fitOfAccount', 'near', 'nearOfAccount'] as const;
/** Signals of any item: how the account's basket fits it, and how it sells. */
const commonSignals = [
  ...fitSignals,
  'takenUp14',
  'takenUp30',
  'bought14',
  'bought30',
  'bought90',
  'boughtEver',
] as const;
/** Signals of what the account bought before; 0 for anything else. */
const ownSignals = [
  'own',
  'ownTimes',
  'ownOften',
  'ownLately',
  'ownSince',
  'ownChance',
  'ownFit',
  'ownRepeated',
  'ownOfMany',
] as const;

export const signalsOf = {
  new: [...commonSignals],
  any: [...commonSignals, ...ownSignals],
} as const;

/** What the signals weigh where there is too little to learn it from. */
export const usualWeights = {
  new: [0.8, 0.3, 0, 0.3, 0.5, 0.5, 0.5, 0.1, -0.4, 0],
  any: [0.1, 0.3, 0, 0, 0, 0.2, 0.8, 0.4, -0.4, 0, 2.8, 0.9, 1.4, 0.8, 0.5, 0, -0.2, 0.3, 0],
} as const;

const FIT_SCALE = 10;
/** Share of the nearest item's score below which items are alike far. */
const NEAR_AT_LEAST = 0.02;
const EMPTY: Past = new Map();

/** By item. */
export type Fits = Record<(typeof fitSignals)[number], Float32Array>;

/** All that speaks for an account's next product at one moment. */
export class Signals {
  private constructor(
    readonly pasts: Pasts,
    readonly compared: ComparedItems,
    readonly rhythms: Rhythms,
    /** One column a signal of how items sell, each by item. */
    readonly selling: readonly Float32Array[],
    /** Logarithm of the share of an item's buyers that bought it again. */
    private readonly repeated: Float32Array,
  ) {}

  static at(pasts: Pasts, settings: NextProductSettings): Signals {
    return new Signals(
      pasts,
      ComparedItems.fit(pasts, settings),
      Rhythms.fit(pasts),
      sellingOf(pasts),
      repeatedOf(pasts),
    );
  }

  /** What the account bought before. */
  pastOf(account: number): Past {
    return this.pasts.accounts[account] ?? EMPTY;
  }

  /** How the account's basket fits each item. */
  fitOf(account: number): Fits {
    const { items } = this.compared;
    const fits = this.compared.fit(account);
    const near = this.compared.near(account);
    const most = near.reduce((largest, score) => Math.max(largest, score), 0) || 1;
    const spread = (scores: ArrayLike<number>, otherwise: number) => {
      const column = new Float32Array(this.pasts.items).fill(otherwise);
      items.forEach((item, place) => (column[item] = scores[place] as number));
      return column;
    };
    return {
      fit: spread(
        fits.map((fit) => fit * FIT_SCALE),
        0,
      ),
      fitOfAccount: spread(standardised(fits), 0),
      near: spread(
        near.map((score) => Math.log(score / most + NEAR_AT_LEAST)),
        Math.log(NEAR_AT_LEAST),
      ),
      nearOfAccount: spread(standardised(near), 0),
    };
  }

  /** In the order of `ownSignals`. */
  ownOf(item: number, moments: readonly number[], fit: number, items: number): number[] {
    const rhythm = this.rhythms.of(moments);
    const lately = moments.reduce((sum, moment) => sum + 2 ** (-(this.pasts.asOf - moment) / DAY / 90), 0);
    return [
      1,
      Math.log(moments.length),
      Math.sqrt(moments.length),
      Math.log(lately + 0.01),
      Math.log1p(rhythm.sinceDays),
      Math.log(chanceWithin(rhythm, REPEAT_DAYS) + 0.001),
      fit,
      this.repeated[item] ?? 0,
      Math.log(items),
    ];
  }

  rhythmOf(moments: readonly number[]): Rhythm {
    return this.rhythms.of(moments);
  }
}

function standardised(values: Float64Array): Float64Array {
  const count = Math.max(1, values.length);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count) || 1;
  return values.map((value) => (value - mean) / spread);
}

function repeatedOf(pasts: Pasts): Float32Array {
  const buyers = new Float32Array(pasts.items);
  const again = new Float32Array(pasts.items);
  for (const past of pasts.accounts) {
    for (const [item, moments] of past) {
      buyers[item] = (buyers[item] ?? 0) + 1;
      if (moments.length > 1) again[item] = (again[item] ?? 0) + 1;
    }
  }
  return buyers.map((all, item) => Math.log(((again[item] ?? 0) + 1) / (all + 4)));
}

/** Logarithms of the shares of lately active accounts that took an item up (bought it first), and that bought it. */
function sellingOf(pasts: Pasts): Float32Array[] {
  const share = (days: number, counts: (moments: readonly number[], since: number) => boolean) => {
    const since = pasts.asOf - days * DAY;
    const buyers = new Float32Array(pasts.items);
    let active = 0;
    for (const past of pasts.accounts) {
      let isActive = false;
      for (const [item, moments] of past) {
        if ((moments.at(-1) ?? 0) < since) continue;
        isActive = true;
        if (counts(moments, since)) buyers[item] = (buyers[item] ?? 0) + 1;
      }
      if (isActive) active += 1;
    }
    return buyers.map((count) => Math.log((count + 0.5) / (active + 10)));
  };
  const first = (moments: readonly number[], since: number): boolean => (moments[0] ?? 0) >= since;
  const any = (): boolean => true;
  return [
    share(14, first),
    share(30, first),
    share(14, any),
    share(30, any),
    share(90, any),
    share(Infinity, any),
  ];
}
