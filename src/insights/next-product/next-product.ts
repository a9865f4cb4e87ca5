import { CoBuyers } from './co-buyers.js';
import type { Rhythm } from './rhythm.js';
import { pastsBefore } from './pasts.js';
import type { Purchases } from './purchases.js';
import type { NextProductSettings } from './settings.js';
import { fitSignals, Signals, signalsOf } from './signals.js';
import { type NextProductOf, weigh, type WeighedBy, type Weights } from './weighing.js';

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
  static fit(
    purchases: Purchases,
    asOf: Date,
    settings: NextProductSettings,
    by: WeighedBy = 'latest-days',
  ): NextProduct {
    const signals = Signals.at(pastsBefore(purchases, asOf), settings);
    return new NextProduct(signals, weigh(purchases, asOf, settings, by));
  }

  /** A score an item, by its place in `purchases.items`; the higher, the likelier. Excluding is left to the caller. */
  score(account: number, of: NextProductOf): Float64Array {
    const { signals } = this;
    const weights = this.weights[of];
    const fit = signals.fitOf(account);
    const scores = this.base[of].slice();
    fitSignals.forEach((name, place) => addTo(scores, fit[name], weights[place] ?? 0));
    if (of === 'new') return scores;
    const first = signalsOf.new.length;
    const past = signals.pastOf(account);
    for (const [item, moments] of past) {
      const own = signals.ownOf(item, moments, fit.fitOfAccount[item] ?? 0, past.size);
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
  selling.forEach((column, place) => addTo(base, column, weights[fitSignals.length + place] ?? 0));
  return base;
}

function addTo(scores: Float64Array, column: Float32Array, weight: number): void {
  for (let item = 0; item < scores.length; item += 1)
    scores[item] = (scores[item] as number) + weight * (column[item] as number);
}
