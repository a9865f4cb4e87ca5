import { addDays } from '../../shared/index.js';
import { Ease } from './ease.js';
import { type Basket, buyersOf, decayedBaskets, type Purchases } from './purchases.js';
import type { NextProductSettings } from './settings.js';

/** `new`: what the account has never bought; `any`: also what it may buy again. */
export type NextProductOf = 'new' | 'any';

/** What each account is likely to buy next, learned from all purchases up to a moment. */
export class NextProduct {
  private readonly baskets: readonly Basket[];
  private readonly own: readonly Basket[];
  private readonly popularity: Float64Array;
  /** Place of an item among those that are compared; −1 where too few bought it. */
  private readonly compared: Int32Array;
  private readonly itemOf: Int32Array;
  private readonly ease: Ease;

  constructor(
    purchases: Purchases,
    asOf: Date,
    private readonly settings: NextProductSettings,
  ) {
    const decayed = decayedBaskets(purchases, settings.halfLifeDays, asOf);
    this.baskets = decayed.map((basket) => raised(basket, settings.exponent));
    this.own = decayedBaskets(purchases, settings.ownHalfLifeDays, asOf);
    this.popularity = recentShares(purchases, addDays(asOf, -settings.recentDays));
    const buyers = buyersOf(purchases, null);
    this.itemOf = Int32Array.from(
      [...buyers.keys()].filter((item) => (buyers[item] ?? 0) >= settings.leastBuyers),
    );
    this.compared = new Int32Array(buyers.length).fill(-1);
    this.itemOf.forEach((item, place) => (this.compared[item] = place));
    const narrow = this.baskets.map((basket) => this.narrowed(basket));
    this.ease = Ease.fit(narrow, this.itemOf.length, settings.lambda);
  }

  /** A score an item, by its place in `purchases.items`; the higher, the likelier. Excluding is left to the caller. */
  score(account: number, of: NextProductOf): Float64Array {
    const { settings, popularity } = this;
    const scores = popularity.map((share) => share * settings.popularityWeight);
    const withOthers = this.ease.score(this.narrowed(this.baskets[account] ?? new Map()));
    withOthers.forEach((score, place) => {
      const item = this.itemOf[place] ?? 0;
      scores[item] = (scores[item] ?? 0) + score;
    });
    if (of === 'new') return scores;
    for (const [item, weight] of this.own[account] ?? []) {
      scores[item] = (scores[item] ?? 0) + weight * settings.ownWeight;
    }
    return scores;
  }

  private narrowed(basket: Basket): Basket {
    const kept = new Map<number, number>();
    for (const [item, weight] of basket) {
      const place = this.compared[item] ?? -1;
      if (place >= 0) kept.set(place, weight);
    }
    return kept;
  }
}

/** Softens how much more an item counts that was bought again and again, or lately. */
function raised(basket: Basket, exponent: number): Basket {
  return new Map([...basket].map(([item, weight]) => [item, weight ** exponent]));
}

/** Of each item the share of the accounts active since then that bought it since then. */
function recentShares(purchases: Purchases, since: Date): Float64Array {
  const active = new Set<number>();
  purchases.at.forEach((at, line) => {
    if (at >= since.getTime()) active.add(purchases.account[line] ?? 0);
  });
  return buyersOf(purchases, since).map((buyers) => buyers / Math.max(1, active.size));
}
