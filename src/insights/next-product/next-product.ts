import { CoBuyers } from './co-buyers.js';
import type { Rhythm } from './rhythm.js';
import { pastsBefore } from './pasts.js';
import type { Purchases } from './purchases.js';
import type { NextProductSettings } from './settings.js';
import { Signals, signalsOf } from './signals.js';
import { type NextProductOf, weigh, type Weights } from './weighing.js';

/** Places of the two signals that are the account's own; those of how items sell follow. */
const FITS = 2;

/** What each account is likely to buy next, learned from all purchases up to a moment. */
export class NextProduct {
  private coBought: CoBuyers | undefined;
  /** What is the same for every account: how items sell, weighed. */
  private readonly base: Readonly<Record<NextProductOf, Float64Array>>;

  private constructor(
    private readonly signals: Signals,
    readonly weights: Weights,
  ) {
    this.base = { new: weighed(signals, weights.new), any: weighed(signals, weights.any) };
  }

  /** Purchases at or after `asOf` are left out. Takes time with the cube of the number of items that are compared. */
  static fit(purchases: Purchases, asOf: Date, settings: NextProductSettings): NextProduct {
    const signals = Signals.at(pastsBefore(purchases, asOf), settings);
    return new NextProduct(signals, weigh(purchases, asOf, settings));
  }

  /** A score an item, by its place in `purchases.items`; the higher, the likelier. Excluding is left to the caller. */
  score(account: number, of: NextProductOf): Float64Array {
    const { signals } = this;
    const weights = this.weights[of];
    const fit = signals.fitOf(account);
    const scores = this.base[of].slice();
    const [ofRaw = 0, ofOwn = 0] = weights;
    for (const item of signals.compared.items) {
      scores[item] =
        (scores[item] as number) + ofRaw * (fit.raw[item] as number) + ofOwn * (fit.own[item] as number);
    }
    if (of === 'new') return scores;
    const first = signalsOf.new.length;
    const past = signals.pastOf(account);
    for (const [item, moments] of past) {
      const own = signals.ownOf(item, moments, fit.own[item] ?? 0, past.size);
      scores[item] = own.reduce(
        (sum, signal, place) => sum + signal * (weights[first + place] ?? 0),
        scores[item] ?? 0,
      );
    }
    return scores;
  }

  /** What the account bought before, with its rhythm. */
  rhythms(account: number): Map<number, Rhythm> {
    const { signals } = this;
    return new Map(
      [...signals.pastOf(account)].map(([item, moments]) => [item, signals.rhythmOf(moments)] as const),
    );
  }

  /** Accounts that bought both. */
  coBuyers(one: number, other: number): number {
    this.coBought ??= new CoBuyers(this.signals.pasts);
    return this.coBought.of(one, other);
  }

  /** The item of the account's own that speaks most for this one; undefined where none does. */
  ledBy(account: number, item: number): number | undefined {
    return this.signals.compared.ledBy(account, item);
  }
}

function weighed({ pasts, selling }: Signals, weights: Float64Array): Float64Array {
  const base = new Float64Array(pasts.items);
  selling.forEach((column, place) => {
    const weight = weights[FITS + place] ?? 0;
    for (let item = 0; item < base.length; item += 1)
      base[item] = (base[item] as number) + weight * (column[item] as number);
  });
  return base;
}
