import type { Considered } from '../candidates/considered.js';
import type { PropensityModel } from '../scoring/propensity-model.js';

/** However much is known, exploration is not made smaller than this. */
export const MOST_CERTAIN = 20;

/**
 * Factor on inverse-gap weighting's gamma: one over the root mean square of the arms' uncertainties, each as a share of
 * what it was before any outcome. In SquareCB gamma grows with the inverse of the regression's error (Foster & Rakhlin,
 * 2020, theorem 1: gamma ∝ √(K T / regret)); the posterior's width stands for that error. In [1, 20].
 */
export function certaintyOf(arms: readonly Considered[], model: PropensityModel): number {
  if (model.headVersion === null || arms.length === 0) return 1;
  let squares = 0;
  for (const { view, inputs, propensity, correction } of arms) {
    if (!view.inputs || !inputs) return 1;
    const baseLogit = Math.log(propensity / (1 - propensity)) - correction;
    squares += model.uncertainty(view.inputs, inputs, baseLogit) ** 2;
  }
  return Math.min(MOST_CERTAIN, Math.max(1, 1 / Math.sqrt(squares / arms.length)));
}
