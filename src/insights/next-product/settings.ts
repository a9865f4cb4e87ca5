export interface NextProductSettings {
  /** Purchases count half after so many days. */
  halfLifeDays: number;
  /** A purchase's weight in the baskets that EASE compares is the decayed sum to this power; 1 leaves it as it is. */
  exponent: number;
  /** λ of EASE. */
  lambda: number;
  /** Items with fewer buyers are ranked by popularity and the account's own purchases only. */
  leastBuyers: number;
  /** Days that count as recent for popularity. */
  recentDays: number;
  /** For new products: weight of the share of recently active accounts that bought the item. */
  popularityWeight: number;
  /** The same for any product, where it decides between items that the account bought alike. */
  anyPopularityWeight: number;
  /** "Any product" only: weight of the account's own decayed purchases beside how well the item goes with the rest. */
  ownWeight: number;
  /** "Any product" only: half-life of the account's own purchases. */
  ownHalfLifeDays: number;
}

/**
 * Chosen on Online Retail, training before 2011-10-01 and judging on October 2011 only
 * (`bench/quality/choose-next-product.ts`, its table in `bench/quality/next-product-choice.md`).
 */
export const standardNextProduct: NextProductSettings = {
  halfLifeDays: 45,
  exponent: 0.5,
  lambda: 100,
  leastBuyers: 20,
  recentDays: 30,
  popularityWeight: 0.03,
  anyPopularityWeight: 2,
  ownWeight: 0.4,
  ownHalfLifeDays: 480,
};
