import type { Basket } from './purchases.js';
import { invertInPlace } from './symmetric-inverse.js';

/**
 * Which items go with which, by EASE (Steck, 2019): the linear map B with an empty diagonal that best gives back every
 * basket from itself,
 *   P = (XᵀX + λI)⁻¹,  B = I − P / diag(P)  (each column by its own entry of the diagonal),
 * in closed form. X has a row an account, a column an item.
 */
export class Ease {
  private constructor(
    private readonly inverse: Float64Array,
    readonly items: number,
  ) {}

  /** λ above zero. Time grows with the cube of the items, memory with their square (2 × 8 bytes). */
  static fit(baskets: readonly Basket[], items: number, lambda: number): Ease {
    if (!(lambda > 0)) throw new Error(`lambda must be above 0, not ${lambda}`);
    const gram = new Float64Array(items * items);
    for (const basket of baskets) addOuter(gram, basket, items);
    for (let item = 0; item < items; item += 1)
      gram[item * items + item] = (gram[item * items + item] ?? 0) + lambda;
    invertInPlace(gram, items);
    return new Ease(gram, items);
  }

  /** B of one pair: how much having `from` speaks for `to`. */
  weight(from: number, to: number): number {
    const { inverse, items } = this;
    return from === to ? 0 : -(inverse[from * items + to] ?? 0) / (inverse[to * items + to] ?? 1);
  }

  /** x B: of each item how well it goes with the basket; of an item in the basket, with the rest of it. */
  score(basket: Basket): Float64Array {
    const { inverse, items } = this;
    const scores = new Float64Array(items);
    for (const [item, weight] of basket) {
      const row = item * items;
      for (let other = 0; other < items; other += 1) {
        scores[other] = (scores[other] ?? 0) - weight * (inverse[row + other] ?? 0);
      }
    }
    for (let item = 0; item < items; item += 1) {
      scores[item] = (scores[item] ?? 0) / (inverse[item * items + item] ?? 1);
    }
    for (const [item, weight] of basket) scores[item] = (scores[item] ?? 0) + weight;
    return scores;
  }
}

function addOuter(gram: Float64Array, basket: Basket, items: number): void {
  for (const [item, weight] of basket) {
    const row = item * items;
    for (const [other, otherWeight] of basket) {
      gram[row + other] = (gram[row + other] ?? 0) + weight * otherWeight;
    }
  }
}
