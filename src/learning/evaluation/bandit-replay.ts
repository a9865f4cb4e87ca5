import { inverseGapWeights } from '../../recommender/index.js';
import { drawIndex, type Rng, seededRng, shuffled } from '../../shared/index.js';
import { addTrial, type Evidence, noEvidence } from '../online/evidence.js';
import { beliefsOf, type GroupBeliefs, type HeadPrior } from '../online/pooled-beliefs.js';
import type { Belief } from '../online/posterior.js';
import { quadraticForm } from '../online/symmetric.js';

/** A round of a log in which every action was equally likely. */
export interface LoggedRound {
  action: string;
  /** In [0, 1]. */
  reward: number;
  numbers: readonly number[];
  categories: readonly string[];
}

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
/** Rounds that are taken by chance, to learn what a usual reward is. */
const BY_CHANCE = 30;
/** Beliefs are made anew after every accepted round at first, and then at each so many. */
const CAREFUL = 300;
const EVERY = 10;
/** However much is known, exploration is not made smaller than this. */
const MOST_CERTAIN = 20;

/**
 * Our learning and exploration, run over a uniformly logged bandit: a round counts when what we would have done is what
 * was done, which gives an unbiased picture of how we would have fared (Li, Chu, Langford & Wang, 2011). Nothing is known
 * of the actions at first. Throws where there is only one action.
 */
export function replayBandit(rounds: readonly LoggedRound[], settings: ReplaySettings): BanditReplay {
  const actions = [...new Set(rounds.map(({ action }) => action))].sort();
  if (actions.length < 2) throw new Error('A bandit has two actions at least');
  const player = new Player(actions, rounds, settings);
  const rewards: number[] = [];
  for (const round of rounds) {
    if (player.choose(round) !== round.action) continue;
    rewards.push(round.reward);
    player.learn(round);
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

class Player {
  private readonly rng: Rng;
  private readonly represent: (round: LoggedRound) => Float64Array;
  private readonly prior: HeadPrior;
  private readonly evidences = new Map<string, Evidence>();
  private readonly early: LoggedRound[] = [];
  private offset = NaN;
  private beliefs: GroupBeliefs<string> | null = null;
  private learned = 0;

  constructor(
    private readonly actions: readonly string[],
    rounds: readonly LoggedRound[],
    private readonly settings: ReplaySettings,
  ) {
    this.rng = seededRng(`bandit-replay:${settings.seed}`);
    this.represent = representationOf(rounds);
    const size = rounds[0] ? this.represent(rounds[0]).length : 1;
    const slopes = Array.from({ length: size - 1 }, () => 1 / Math.sqrt(size));
    this.prior = { group: [0.5, ...slopes], arm: [0.7, ...slopes] };
  }

  choose(round: LoggedRound): string | undefined {
    const order = shuffled(this.rng, this.actions);
    if (!this.beliefs) return order[0];
    const phi = this.represent(round);
    const scored = order
      .map((action) => ({ action, ...this.predicted(action, phi) }))
      .sort((a, b) => b.chance - a.chance)
      .slice(0, this.settings.maxArms);
    const squares = scored.reduce((sum, { width }) => sum + width ** 2, 0) / scored.length;
    const certainty = Math.min(MOST_CERTAIN, Math.max(1, 1 / Math.sqrt(squares)));
    const weights = inverseGapWeights(
      scored.map(({ chance }) => chance),
      { mode: 'squarecb', gamma: this.settings.gamma * certainty, floor: this.settings.floor },
    );
    return scored[drawIndex(this.rng, weights)]?.action;
  }

  learn(round: LoggedRound): void {
    this.learned += 1;
    if (this.learned < BY_CHANCE) {
      this.early.push(round);
      return;
    }
    if (this.learned === BY_CHANCE) {
      const known = [...this.early, round];
      const usual = (known.reduce((sum, { reward }) => sum + reward, 0) + 1) / (known.length + 2);
      this.offset = Math.log(usual / (1 - usual));
      for (const one of known) this.add(one);
    } else this.add(round);
    if (this.learned <= CAREFUL || this.learned % EVERY === 0)
      this.beliefs = beliefsOf(this.evidences, this.prior);
  }

  private add(round: LoggedRound): void {
    const phi = this.represent(round);
    const evidence = this.evidences.get(round.action) ?? noEvidence(phi.length);
    this.evidences.set(round.action, evidence);
    const trial = { logit: this.offset, phi };
    // a reward between 0 and 1 is so much of a success
    if (round.reward > 0) addTrial(evidence, trial, 1, round.reward);
    if (round.reward < 1) addTrial(evidence, trial, 0, 1 - round.reward);
  }

  private predicted(action: string, phi: Float64Array): { chance: number; width: number } {
    const belief: Belief | undefined = this.beliefs?.arms.get(action) ?? this.beliefs?.newcomer;
    if (!belief) return { chance: 0.5, width: 1 };
    const correction = phi.reduce((sum, value, place) => sum + value * (belief.mean[place] ?? 0), 0);
    const before = phi.reduce((sum, value, place) => {
      const variance = (this.prior.group[place] ?? 0) ** 2 + (this.prior.arm[place] ?? 0) ** 2;
      return sum + variance * value ** 2;
    }, 0);
    const width = Math.sqrt(Math.max(0, quadraticForm(belief.covariance, phi)) / before);
    return { chance: 1 / (1 + Math.exp(-this.offset - correction)), width };
  }
}

/** Rounds by which numbers are put on a common scale: their features only, of the beginning of the log. */
const SCALED_BY = 200;
/** More columns than this are folded together by signed hashing (Weinberger et al., 2009). */
const MOST_COLUMNS = 24;
const FURTHEST = 3;

/** φ of a round: 1, numbers on the scale of the first rounds, and a column for each value of each category seen there. */
function representationOf(rounds: readonly LoggedRound[]): (round: LoggedRound) => Float64Array {
  const first = rounds.slice(0, SCALED_BY);
  const scales = (first[0]?.numbers ?? []).map((_, column) => {
    const values = first.map(({ numbers }) => numbers[column] ?? NaN).filter(Number.isFinite);
    const centre = mean(values) ?? 0;
    const spread = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)) ?? 0);
    return { centre, spread: spread || 1 };
  });
  const columns = new Map<string, number>();
  const width = () => scales.length + columns.size;
  for (const { categories } of first)
    categories.forEach((value, column) => {
      const name = `${column}=${value}`;
      if (!columns.has(name)) columns.set(name, width());
    });
  const folded = width() > MOST_COLUMNS ? foldings(width()) : null;
  return ({ numbers, categories }) => {
    const wide = new Float64Array(width());
    scales.forEach(({ centre, spread }, column) => {
      const value = ((numbers[column] ?? NaN) - centre) / spread;
      if (Number.isFinite(value)) wide[column] = Math.max(-FURTHEST, Math.min(FURTHEST, value));
    });
    categories.forEach((value, column) => {
      const place = columns.get(`${column}=${value}`);
      if (place !== undefined) wide[place] = 1;
    });
    if (!folded) return Float64Array.of(1, ...wide);
    const phi = new Float64Array(1 + MOST_COLUMNS);
    phi[0] = 1;
    wide.forEach((value, column) => {
      const { place, sign } = folded[column] ?? { place: 0, sign: 0 };
      phi[1 + place] = (phi[1 + place] ?? 0) + sign * value;
    });
    return phi;
  };
}

function foldings(width: number): { place: number; sign: number }[] {
  const rng = seededRng('bandit-replay:columns');
  return Array.from({ length: width }, () => ({
    place: Math.floor(rng.next() * MOST_COLUMNS),
    sign: rng.next() < 0.5 ? -1 : 1,
  }));
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
