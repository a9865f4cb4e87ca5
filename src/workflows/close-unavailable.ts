import { type Catalogue, type Catalogues, isAvailable, type ProductId } from '../catalogue/index.js';
import type { ContactRules } from '../contact-policy/index.js';
import type { SuggestionId } from '../recommender/index.js';
import type { Clock } from '../shared/index.js';
import { policyVersions, type StandingByProduct } from '../suggestions/index.js';
import type { VerifySuggestions } from './verify-suggestions.js';

export interface CloseUnavailableParts {
  catalogues: Catalogues;
  rules: ContactRules;
  standing: StandingByProduct;
  verify: VerifySuggestions;
  clock: Clock;
}

/** Suggestions checked at once. */
const AT_ONCE = 200;

/**
 * Takes back what offers a product that can no longer be had, soon after the catalogue says so and whether or not anybody
 * looks: the whole contact policy is asked again, so that help with the product goes on.
 */
export class CloseUnavailable {
  /** Version of the catalogue that was gone through. */
  private seen: number | undefined;

  constructor(private readonly parts: CloseUnavailableParts) {}

  /** Gives how many were closed; an unchanged catalogue costs a look at its version. */
  async runDue(): Promise<number> {
    const { catalogues, standing } = this.parts;
    const catalogue = await catalogues.current();
    if (catalogue.version === this.seen) return 0;
    let closed = 0;
    for (const productId of await standing.products())
      if (this.isGone(productId, catalogue)) closed += await this.checkAll(productId, catalogue);
    this.seen = catalogue.version;
    return closed;
  }

  private isGone(productId: ProductId, { products }: Catalogue): boolean {
    const product = products.get(productId);
    return product === undefined || !isAvailable(product, this.parts.clock.now());
  }

  private async checkAll(productId: ProductId, catalogue: Catalogue): Promise<number> {
    const { rules, standing, verify } = this.parts;
    const versions = policyVersions({ catalogue: catalogue.version, rules: (await rules.current()).version });
    let closed = 0;
    for (let after: SuggestionId | null = null; ;) {
      const found = await standing.unchecked(productId, versions, after, AT_ONCE);
      const checked = await verify.run(found, null);
      closed += checked.filter(({ state }) => state === 'withdrawn').length;
      after = found.at(-1)?.suggestionId ?? null;
      if (found.length < AT_ONCE) return closed;
    }
  }
}
