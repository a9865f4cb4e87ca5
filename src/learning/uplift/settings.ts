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
  /** To rank: by how many standard errors of the best a candidate may gain less before its weight falls to 1 / e. */
  rankTemperature: number;
}

/**
 * The usual settings; a result names their digest. Deviations and `rankTemperature` were chosen on experiments whose
 * true effects are known (`npm run bench:quality -- uplift-truth` makes such), not on results of real ones.
 */
export const standardUplift: UpliftSettings = {
  folds: 4,
  stretches: [0, 8],
  commonDeviation: 0.6,
  addedDeviations: [0.01, 0.02, 0.035, 0.06, 0.12],
  effectDeviations: [0.005, 0.01, 0.02, 0.04],
  riskDeviation: 0.3,
  rankTemperature: 0.25,
};
