export interface NextProductSettings {
  /** What was bought last so many days ago counts half in the baskets that EASE compares. */
  halfLifeDays: number;
  /** λ of EASE, in means of the diagonal of XᵀX. */
  lambda: number;
  /** Items that fewer accounts bought are not compared; in small data a two-hundredth of the accounts, at least two. */
  leastBuyers: number;
  /** Items that are compared at most, those with the most buyers: time grows with their cube. */
  mostItems: number;
  /**
   * Last days before the moment by which the signals are weighed; more where few bought in them; of data that is shorter
   * than four times that, a quarter.
   */
  weighedOnDays: number;
  /** Accounts whose choices in those days are read. */
  weighedOnAccounts: number;
  /** Candidates of a choice: the best by comparison, the most taken up lately, and of the rest some by chance. */
  candidates: { compared: number; takenUp: number; others: number };
  /** `ridge` for as many choices as are read at most; with fewer it weighs that much more. */
  choice: { ridge: number; steps: number; rate: number };
}

/**
 * Chosen on Online Retail before 2011-11-01 only (`bench/quality/choose-next-product.ts`, its table in
 * `bench/quality/next-product-choice.md`). What the signals weigh is no setting: it is learned from each data set's own
 * latest days.
 */
export const standardNextProduct: NextProductSettings = {
  halfLifeDays: 90,
  lambda: 5,
  leastBuyers: 10,
  mostItems: 4000,
  weighedOnDays: 30,
  weighedOnAccounts: 600,
  candidates: { compared: 60, takenUp: 40, others: 160 },
  choice: { ridge: 0.001, steps: 150, rate: 0.05 },
};
