import { DAY } from '../../shared/index.js';
import { Ease } from './ease.js';
import { ItemNeighbours } from './item-neighbours.js';
import type { Pasts } from './pasts.js';
import type { Basket } from './purchases.js';
import type { NextProductSettings } from './settings.js';

const ACCOUNTS_A_BUYER = 200;

/** Which items go with which, among those that enough accounts bought, and how well each account's basket fits each item. */
export class ComparedItems {
  private constructor(
    private readonly ease: Ease,
    private readonly neighbours: ItemNeighbours,
    private readonly baskets: readonly Basket[],
    /** Number of each item that is compared. */
    readonly items: Int32Array,
    private readonly places: ReadonlyMap<number, number>,
  ) {}

  /** Time grows with the cube of the items that are compared. */
  static fit(pasts: Pasts, settings: NextProductSettings): ComparedItems {
    const items = comparedItems(pasts, settings);
    const places = new Map([...items].map((item, place) => [item, place]));
    const baskets = pasts.accounts.map((past) => {
      const basket = new Map<number, number>();
      for (const [item, moments] of past) {
        const place = places.get(item);
        const age = (pasts.asOf - (moments.at(-1) ?? 0)) / DAY;
        if (place !== undefined) basket.set(place, 2 ** (-age / settings.halfLifeDays));
      }
      return basket;
    });
    const lambda = Math.max(1e-6, settings.lambda * meanSquare(baskets, items.length));
    const ease = Ease.fit(baskets, items.length, lambda);
    return new ComparedItems(ease, new ItemNeighbours(baskets, items.length), baskets, items, places);
  }

  /** By place in `items`. */
  fit(account: number): Float64Array {
    return this.ease.score(this.baskets[account] ?? new Map<number, number>());
  }

  /** By place in `items`: the cosines between an item and those of the basket, summed; however old they are. */
  near(account: number): Float64Array {
    return this.neighbours.score(this.baskets[account] ?? new Map<number, number>());
  }

  placeOf(item: number): number | undefined {
    return this.places.get(item);
  }

  /** What of the account's basket speaks most for an item: the other item, and its part of the fit. Undefined: nothing. */
  ledBy(account: number, item: number): number | undefined {
    const place = this.places.get(item);
    const basket = this.baskets[account];
    if (place === undefined || !basket) return undefined;
    let most = 0;
    let lead: number | undefined;
    for (const [other, weight] of basket) {
      if (other === place) continue;
      const part = weight * this.ease.weight(other, place);
      if (part > most) [most, lead] = [part, other];
    }
    return lead === undefined ? undefined : this.items[lead];
  }
}

function comparedItems(pasts: Pasts, { leastBuyers, mostItems }: NextProductSettings): Int32Array {
  const buyers = new Int32Array(pasts.items);
  for (const past of pasts.accounts) for (const item of past.keys()) buyers[item] = (buyers[item] ?? 0) + 1;
  const least = Math.min(leastBuyers, Math.max(2, Math.ceil(pasts.accounts.length / ACCOUNTS_A_BUYER)));
  return Int32Array.from(
    [...buyers.keys()]
      .filter((item) => (buyers[item] ?? 0) >= least)
      .sort((a, b) => (buyers[b] ?? 0) - (buyers[a] ?? 0) || a - b)
      .slice(0, mostItems)
      .sort((a, b) => a - b),
  );
}

/** Mean over items of the sum of squared weights: the mean of the diagonal of XᵀX. */
function meanSquare(baskets: readonly Basket[], items: number): number {
  let sum = 0;
  for (const basket of baskets) for (const weight of basket.values()) sum += weight * weight;
  return sum / Math.max(1, items);
}
