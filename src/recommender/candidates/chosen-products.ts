import type { Action, ProductId } from '../../catalogue/index.js';
import type { FeatureDefinition, FeatureReadout } from '../../features/index.js';
import { showsInterest } from '../scoring/fallback-rules.js';
import type { Offer } from './compiled-catalogue.js';

/** An action over more products than these chooses among them for each account. */
export const MANY_PRODUCTS = 6;
/** Products that it keeps by each feature that shows interest: new to the account, due again, looked at. */
const KEPT_BY_EACH = 3;

/** Features by product that say what an account is likely to want. */
export function choosingFeatures(definitions: readonly FeatureDefinition[]): readonly string[] {
  return definitions
    .filter((definition) => definition.by === 'product' && showsInterest(definition))
    .map(({ name }) => name);
}

/**
 * Which products an action over many offers one account: the best by each feature that shows interest in a product, and
 * the one that the moment is about. Of an account of which nothing is known, any.
 */
export class ChosenProducts {
  private readonly chosen = new Map<Action, ReadonlySet<string>>();
  private ranked: string[][] | undefined;

  constructor(
    private readonly features: readonly string[],
    private readonly readout: FeatureReadout,
    private readonly asked: ProductId | undefined,
  ) {}

  admits({ action, product }: Offer): boolean {
    if (action.productIds.length <= MANY_PRODUCTS || product === null) return true;
    let chosen = this.chosen.get(action);
    if (!chosen) this.chosen.set(action, (chosen = this.choose(action)));
    return chosen.size === 0 || chosen.has(product.productId) || product.productId === this.asked;
  }

  private choose({ productIds }: Action): ReadonlySet<string> {
    this.ranked ??= this.features.map((name) => ranked(name, this.readout));
    const own = new Set<string>(productIds);
    return new Set(
      this.ranked.flatMap((products) => products.filter((id) => own.has(id)).slice(0, KEPT_BY_EACH)),
    );
  }
}

/** Products by the value of one feature, the highest first. */
function ranked(name: string, readout: FeatureReadout): string[] {
  return readout
    .keys(name)
    .map((key) => ({ key, value: readout.value(name, key) ?? 0 }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1))
    .map(({ key }) => key);
}
