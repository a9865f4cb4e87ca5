/** One decision of a log, as far as judging another policy from it needs. */
export interface LoggedDecision {
  /** Whose it was: intervals resample accounts. Null: every decision is resampled by itself. */
  account: string | null;
  reward: number;
  /** Probability with which the logging policy took the action that it took, in (0, 1]. */
  inclusionProbability: number;
  /** Probability with which the evaluation policy would have taken that action, in [0, 1]. */
  evaluationProbability: number;
  /** Expected reward of the logged action by a regression; null: there is none. */
  expectedOfLogged: number | null;
  /** Expected reward under the evaluation policy: the mean of the regression over its actions. */
  expectedUnderEvaluation: number | null;
}

export interface OffPolicySettings {
  /** Weights above it count as it. */
  clip: number;
  /** With weights above it the regression is believed instead. */
  switchTau: number;
}

export const standardOffPolicy: OffPolicySettings = { clip: 10, switchTau: 10 };

/**
 * Sums over decisions, of which every estimator is a function: so that resampling accounts only adds up sums. w is the
 * weight P_evaluation / P_logging, r the reward, q̂ the regression.
 */
export interface Totals {
  decisions: number;
  /** Σ w */
  weight: number;
  /** Σ w r */
  weighted: number;
  /** Σ min(w, clip) r */
  clipped: number;
  /** Σ q̂ under the evaluation policy */
  expected: number;
  /** Σ w (r − q̂ of the logged action) */
  residual: number;
  /** The same, only where w ≤ τ */
  switched: number;
}

export const totalNames = [
  'decisions',
  'weight',
  'weighted',
  'clipped',
  'expected',
  'residual',
  'switched',
] as const satisfies readonly (keyof Totals)[];

/** What one decision adds to the sums. Sums that need a regression are NaN without one. */
export function totalsOf(decision: LoggedDecision, { clip, switchTau }: OffPolicySettings): Totals {
  const { reward, inclusionProbability, evaluationProbability } = decision;
  const weight = evaluationProbability / inclusionProbability;
  const residual = weight * (reward - (decision.expectedOfLogged ?? NaN));
  return {
    decisions: 1,
    weight,
    weighted: weight * reward,
    clipped: Math.min(weight, clip) * reward,
    expected: decision.expectedUnderEvaluation ?? NaN,
    residual,
    switched: weight <= switchTau ? residual : residual - residual,
  };
}
