import type { Totals } from './logged-decision.js';

/**
 * Value of the evaluation policy per decision, from sums over a log of n decisions. In the formulas w = P_e / P_l is the
 * weight of a decision, r its reward, q̂(a) a regression's expected reward of the logged action and q̂(π) its mean under
 * the evaluation policy. NaN where an estimate does not exist.
 */
export type Estimator = (totals: Totals) => number;

/** Inverse probability weighting: Σ w r / n. Unbiased where P_l > 0 (Horvitz & Thompson, 1952). */
export const ips: Estimator = ({ weighted, decisions }) => weighted / decisions;

/** Σ min(w, clip) r / n: less variance, and a bias towards 0 (Ionides, 2008). */
export const ipsClipped: Estimator = ({ clipped, decisions }) => clipped / decisions;

/** Self-normalised: Σ w r / Σ w (Swaminathan & Joachims, 2015). Does not exist where the log never took such an action. */
export const snips: Estimator = ({ weighted, weight }) => weighted / weight;

/** Direct method: Σ q̂(π) / n. As good as the regression. */
export const directMethod: Estimator = ({ expected, decisions }) => expected / decisions;

/** Doubly robust: Σ [q̂(π) + w (r − q̂(a))] / n (Dudík, Langford & Li, 2011). */
export const doublyRobust: Estimator = ({ expected, residual, decisions }) =>
  (expected + residual) / decisions;

/** Self-normalised doubly robust: Σ q̂(π) / n + Σ w (r − q̂(a)) / Σ w (Thomas & Brunskill, 2016). */
export const selfNormalisedDoublyRobust: Estimator = ({ expected, residual, weight, decisions }) =>
  expected / decisions + residual / weight;

/** Switch: doubly robust where w ≤ τ, the direct method where w is larger (Wang, Agarwal & Dudík, 2017). */
export const switchDoublyRobust: Estimator = ({ expected, switched, decisions }) =>
  (expected + switched) / decisions;

export const estimators = {
  ips,
  ipsClipped,
  snips,
  directMethod,
  doublyRobust,
  selfNormalisedDoublyRobust,
  switchDoublyRobust,
} satisfies Record<string, Estimator>;

export type EstimatorName = keyof typeof estimators;
