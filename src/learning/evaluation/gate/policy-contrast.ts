import type { Catalogue } from '../../../catalogue/index.js';
import type { Decision, PropensityModel } from '../../../recommender/index.js';
import { armWeights, rescoredArms } from '../off-policy/evaluation-policy.js';
import { type DecisionOutcome, expectedReward, rewardOf } from '../off-policy/exported-decision.js';

/** A decision of the champion beside what a challenger would have done: money in the configured currency. */
export interface PolicyContrast {
  account: string;
  segment: string | null;
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

/** Null where the challenger cannot tell: it reads other inputs than were logged. */
export function contrastOf(
  decision: Decision,
  outcome: DecisionOutcome,
  challenger: { model: PropensityModel; catalogue: Catalogue },
  segment: string | null,
): PolicyContrast | null {
  const scored = rescoredArms(decision, challenger.model, challenger.catalogue);
  if (!scored) return null;
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
