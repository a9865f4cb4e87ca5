import type { Basket } from './purchases.js';

/**
 * An item's score is the sum over what the account bought of the cosine between the two items' columns of the 0/1 matrix
 * of accounts and items (Sarwar and others, 2001), all neighbours counted. A signal of ours, and a plain peer of the
 * evaluation. Memory grows with the square of the items (4 bytes).
 */
export class ItemNeighbours {
  private readonly together: Float32Array;
  private readonly norms: Float64Array;

  constructor(
    baskets: readonly Basket[],
    readonly items: number,
  ) {
    this.together = new Float32Array(items * items);
    const { together } = this;
    for (const basket of baskets) {
      const bought = [...basket.keys()];
      for (const item of bought) {
        for (const other of bought)
          together[item * items + other] = (together[item * items + other] ?? 0) + 1;
      }
    }
    this.norms = Float64Array.from({ length: items }, (_, item) =>
      Math.sqrt(together[item * items + item] ?? 0),
    );
  }

  /** An item is no neighbour of itself. */
  score(basket: Basket): Float64Array {
    const { together, norms, items } = this;
    const scores = new Float64Array(items);
    for (const item of basket.keys()) {
      const own = norms[item] ?? 0;
      for (let other = 0; other < items; other += 1) {
        const product = own * (norms[other] ?? 0);
        if (other === item || product === 0) continue;
        scores[other] = (scores[other] ?? 0) + (together[item * items + other] ?? 0) / product;
      }
    }
    return scores;
  }
}
