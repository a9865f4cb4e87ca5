import { inverseGapWeights, MOST_CERTAIN } from '../../../recommender/index.js';
import { drawIndex, type Rng, seededRng, shuffled } from '../../../shared/index.js';
import { ReplayLearner } from './learner.js';
import type { LoggedRound } from './logged-round.js';

export interface ReplaySettings {
  seed: string;
  gamma: number;
  floor: number;
  maxArms: number;
}

export const standardReplay: Omit<ReplaySettings, 'seed'> = { gamma: 40, floor: 0.005, maxArms: 10 };

export interface BanditReplay {
  /** Over all accepted rounds; null when none was. */
  meanReward: number | null;
  accepted: number;
  /** Over the first 800 accepted, or as many as there are. */
  first800: number | null;
  rounds: number;
  actions: number;
  /** Mean reward of the log itself: what chance earns. */
  logged: number;
}

const FIRST = 800;

/**
 * The head that learns between trainings and the exploration that decides, run over a uniformly logged bandit: a round
 * counts when what we would have done is what was done, which gives an unbiased picture of how we would have fared (Li,
 * Chu, Langford & Wang, 2011). Nothing is known of the actions at first. Throws where there is only one action.
 */
export function replayBandit(rounds: readonly LoggedRound[], settings: ReplaySettings): BanditReplay {
  const actions = [...new Set(rounds.map(({ action }) => action))].sort();
  if (actions.length < 2) throw new Error('A bandit has two actions at least');
  const learner = new ReplayLearner(rounds);
  const rng = seededRng(`bandit-replay:${settings.seed}`);
  const rewards: number[] = [];
  for (const round of rounds) {
    if (chosen(actions, round, learner, settings, rng) !== round.action) continue;
    rewards.push(round.reward);
    learner.learn(round);
  }
  return {
    meanReward: mean(rewards),
    accepted: rewards.length,
    first800: mean(rewards.slice(0, FIRST)),
    rounds: rounds.length,
    actions: actions.length,
    logged: mean(rounds.map(({ reward }) => reward)) ?? 0,
  };
}

/** Drawn by inverse-gap weighting over the best arms; of equals, chance says which come first. */
function chosen(
  actions: readonly string[],
  round: LoggedRound,
  learner: ReplayLearner,
  { gamma, floor, maxArms }: ReplaySettings,
  rng: Rng,
): string | undefined {
  const order = shuffled(rng, actions);
  const asked = learner.of(round);
  if (!asked) return order[0];
  const arms = order
    .map((action) => ({ action, chance: asked.chance(action) }))
    .sort((one, other) => other.chance - one.chance)
    .slice(0, maxArms);
  const squares = arms.reduce((sum, { action }) => sum + asked.uncertainty(action) ** 2, 0) / arms.length;
  const certainty = Math.min(MOST_CERTAIN, Math.max(1, 1 / Math.sqrt(squares)));
  const weights = inverseGapWeights(
    arms.map(({ chance }) => chance),
    { mode: 'squarecb', gamma: gamma * certainty, floor },
  );
  return arms[drawIndex(rng, weights)]?.action;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
