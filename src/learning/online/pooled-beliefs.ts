import { addEvidence, type Evidence, noEvidence } from './evidence.js';
import { type Belief, posteriorOf } from './posterior.js';
import { diagonal, inverse, plus, timesVector } from './symmetric.js';

/** How far corrections lie from zero before anything is known: standard deviations, in logits, place by place of φ. */
export interface HeadPrior {
  /** Of what a group (a channel) has in common. */
  group: readonly number[];
  /** Of an arm around its group. */
  arm: readonly number[];
}

export interface GroupBeliefs<Key> {
  /** For an arm of the group that has no evidence of its own. */
  newcomer: Belief;
  arms: Map<Key, Belief>;
}

/**
 * Beliefs about the arms of one group. An arm's correction lies around what its group has in common:
 *   θ_arm ~ N(μ, S_arm),   μ ~ N(0, S_group).
 * The prior of each arm is what the *other* arms say of μ, so that no outcome is used twice. Their evidence is of J
 * arms, each of which may lie off: it says no more of μ than an observation with covariance (H + …)⁻¹ + S_arm / J,
 * J = (Σ n)² / Σ n². Empirical Bayes with declared variances (Efron & Morris, 1975).
 */
export function beliefsOf<Key>(evidences: ReadonlyMap<Key, Evidence>, prior: HeadPrior): GroupBeliefs<Key> {
  const size = prior.group.length;
  const all = noEvidence(size);
  let squares = 0;
  for (const evidence of evidences.values()) {
    addEvidence(all, evidence);
    squares += evidence.weight ** 2;
  }
  const arms = new Map<Key, Belief>();
  for (const [key, own] of evidences) {
    const others = noEvidence(size);
    addEvidence(others, all);
    addEvidence(others, own, -1);
    arms.set(key, posteriorOf(own, priorOfArm(others, squares - own.weight ** 2, prior)));
  }
  return { newcomer: priorOfArm(all, squares, prior), arms };
}

/** Weights below this are the remains of rounding. */
const NOTHING = 1e-6;

function priorOfArm(others: Evidence, squares: number, { group, arm }: HeadPrior): Belief {
  const size = group.length;
  const ofGroup = diagonal(group.map((deviation) => deviation ** 2));
  const ofArm = diagonal(arm.map((deviation) => deviation ** 2));
  const zero = new Float64Array(size);
  if (others.weight < NOTHING || squares <= NOTHING ** 2)
    return { mean: zero, covariance: plus(ofGroup, ofArm) };
  const seen = posteriorOf(others, { mean: zero, covariance: ofGroup });
  // What the evidence alone says: the prior is taken out of the posterior again.
  const groupPrecision = inverse(ofGroup, size);
  const posteriorPrecision = inverse(seen.covariance, size);
  const evidencePrecision = plus(posteriorPrecision, groupPrecision, -1);
  for (let row = 0; row < size; row += 1) {
    const place = (row * (row + 1)) / 2 + row;
    evidencePrecision[place] = (evidencePrecision[place] as number) + NOTHING;
  }
  const estimate = timesVector(inverse(evidencePrecision, size), timesVector(posteriorPrecision, seen.mean));
  const effectiveArms = others.weight ** 2 / squares;
  const noise = plus(inverse(evidencePrecision, size), ofArm, 1 / effectiveArms);
  const noisePrecision = inverse(noise, size);
  const covariance = inverse(plus(noisePrecision, groupPrecision), size);
  const mean = timesVector(covariance, timesVector(noisePrecision, estimate));
  return { mean, covariance: plus(covariance, ofArm) };
}
