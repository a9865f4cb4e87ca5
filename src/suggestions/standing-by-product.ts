import type { ProductId } from '../catalogue/index.js';
import type { SuggestionId } from '../recommender/index.js';
import type { Suggestion } from './suggestion.js';

/** Suggestions that stand, by the product that they are about. */
export abstract class StandingByProduct {
  /** The products that any of them is about. */
  abstract products(): Promise<ProductId[]>;
  /** Those about a product that were not checked under these versions, by id, after one of them. */
  abstract unchecked(
    productId: ProductId,
    versions: string,
    after: SuggestionId | null,
    limit: number,
  ): Promise<Suggestion[]>;
}
