import type { Decision } from '../../../recommender/index.js';
import { armWeights, type RescoredArm } from '../off-policy/evaluation-policy.js';
import { type DecisionOutcome, expectedReward, rewardOf } from '../off-policy/exported-decision.js';

/** A decision of the champion beside what a challenger would have done: money in the configured currency. */
export interface PolicyContrast {
  account: string;
  segment: string | null;
  /** The challenger was asked when it was decided, not afterwards from the record. */
  inShadow: boolean;
  /** What came of it: value, less the cost of a touch that was made. */
  reward: number;
  /** Probability that the challenger gives to the arm that was taken, over the probability that was logged. */
  weight: number;
  /** By the champion's own estimates: the arm that was taken, and the mean under either policy. */
  expectedOfLogged: number;
  expectedUnderChampion: number;
  expectedUnderChallenger: number;
  /** The challenger's propensity for what was taken and carried out, and whether the outcome came; else null. */
  response: { predicted: number; happened: boolean } | null;
}

/**
 * `scored`: what the challenger gives to each arm, as it said while in shadow or as it is asked now. Null where nothing was
 * drawn with a chance.
 */
export function contrastOf(
  decision: Decision,
  outcome: DecisionOutcome,
  { scored, inShadow }: { scored: readonly RescoredArm[]; inShadow: boolean },
  segment: string | null,
): PolicyContrast | null {
  const { arms, chosen } = decision;
  const logged = arms[chosen];
  if (!logged || !(logged.probability > 0)) return null;
  const weights = armWeights(decision, scored);
  const expected = arms.map(({ candidate }) => expectedReward(candidate, 'net'));
  const under = (chances: readonly number[]) =>
    chances.reduce((sum, chance, place) => sum + chance * (expected[place] ?? 0), 0);
  const taken = scored[chosen];
  return {
    account: decision.accountId,
    segment,
    inShadow,
    reward: rewardOf(outcome, logged.candidate, 'net'),
    weight: (weights[chosen] ?? 0) / logged.probability,
    expectedOfLogged: expected[chosen] ?? 0,
    expectedUnderChampion: under(arms.map(({ probability }) => probability)),
    expectedUnderChallenger: under(weights),
    response:
      logged.candidate && taken && outcome.carriedOut
        ? { predicted: taken.propensity, happened: outcome.happened }
        : null,
  };
}
