import { addDays } from '../../shared/index.js';
import { Ease } from './ease.js';
import { type Basket, buyersOf, decayedBaskets, type Purchases } from './purchases.js';
import type { NextProductSettings } from './settings.js';

/** `new`: what the account has never bought; `any`: also what it may buy again. */
export type NextProductOf = 'new' | 'any';

/** Settings that change the weighing only, not what is compared with what. */
export type NextProductWeights = Pick<
  NextProductSettings,
  'recentDays' | 'popularityWeight' | 'anyPopularityWeight' | 'ownWeight' | 'ownHalfLifeDays'
>;

/** What each account is likely to buy next, learned from all purchases up to a moment. */
export class NextProduct {
  private readonly own: readonly Basket[];
  private readonly popularity: Float64Array;

  private constructor(
    private readonly purchases: Purchases,
    private readonly asOf: Date,
    private readonly settings: NextProductSettings,
    private readonly compared: Compared,
  ) {
    this.own = decayedBaskets(purchases, settings.ownHalfLifeDays, asOf);
    this.popularity = recentShares(purchases, addDays(asOf, -settings.recentDays));
  }

  /** Takes time with the cube of the number of items that at least `leastBuyers` accounts bought. */
  static fit(purchases: Purchases, asOf: Date, settings: NextProductSettings): NextProduct {
    return new NextProduct(purchases, asOf, settings, compare(purchases, asOf, settings));
  }

  /** The same comparison of items, weighed anew. */
  weighed(weights: Partial<NextProductWeights>): NextProduct {
    return new NextProduct(this.purchases, this.asOf, { ...this.settings, ...weights }, this.compared);
  }

  /** A score an item, by its place in `purchases.items`; the higher, the likelier. Excluding is left to the caller. */
  score(account: number, of: NextProductOf): Float64Array {
    const { settings, popularity } = this;
    const weight = of === 'new' ? settings.popularityWeight : settings.anyPopularityWeight;
    const scores = popularity.map((share) => share * weight);
    const { ease, baskets, items } = this.compared;
    ease.score(baskets[account] ?? new Map()).forEach((score, place) => {
      const item = items[place] ?? 0;
      scores[item] = (scores[item] ?? 0) + score;
    });
    if (of === 'new') return scores;
    for (const [item, weight] of this.own[account] ?? []) {
      scores[item] = (scores[item] ?? 0) + weight * settings.ownWeight;
    }
    return scores;
  }
}

/** Which items go with which, and the baskets that say so, both with items numbered anew. */
interface Compared {
  ease: Ease;
  baskets: readonly Basket[];
  /** Place in `purchases.items` of each item that enough accounts bought. */
  items: Int32Array;
}

function compare(purchases: Purchases, asOf: Date, settings: NextProductSettings): Compared {
  const buyers = buyersOf(purchases, null);
  const items = Int32Array.from(
    [...buyers.keys()].filter((item) => (buyers[item] ?? 0) >= settings.leastBuyers),
  );
  const places = new Map([...items].map((item, place) => [item, place]));
  const baskets = decayedBaskets(purchases, settings.halfLifeDays, asOf).map((basket) =>
    softened(basket, settings.exponent, places),
  );
  return { ease: Ease.fit(baskets, items.length, settings.lambda), baskets, items };
}

/** Lessens how much more an item counts that was bought again and again, or lately; keeps what has a place. */
function softened(basket: Basket, exponent: number, places: ReadonlyMap<number, number>): Basket {
  const kept = new Map<number, number>();
  for (const [item, weight] of basket) {
    const place = places.get(item);
    if (place !== undefined) kept.set(place, weight ** exponent);
  }
  return kept;
}

/** Of each item the share of the accounts active since then that bought it since then. */
function recentShares(purchases: Purchases, since: Date): Float64Array {
  const active = new Set<number>();
  purchases.at.forEach((at, line) => {
    if (at >= since.getTime()) active.add(purchases.account[line] ?? 0);
  });
  return buyersOf(purchases, since).map((buyers) => buyers / Math.max(1, active.size));
}
