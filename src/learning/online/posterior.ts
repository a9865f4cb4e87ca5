import { blockLength, type Evidence, SHIFTS } from './evidence.js';
import { cholesky, inverse, plus, solve, type Symmetric, timesVector, triangleLength } from './symmetric.js';

/** A normal belief about a correction θ. */
export interface Belief {
  mean: Float64Array;
  covariance: Symmetric;
}

const MOST_STEPS = 20;

/**
 * Laplace's approximation of the posterior of θ under the prior N(m, P⁻¹): Newton's method on the stored expansions,
 *   (P + H_a) θ = P m + g_a + H_a (a e₀),   a the stored shift nearest to θ₀,
 * until a no longer changes; the covariance is (P + H_a)⁻¹. Without evidence it is the prior.
 */
export function posteriorOf(evidence: Evidence, prior: Belief): Belief {
  const { size } = evidence;
  const precision = inverse(prior.covariance, size);
  const pull = timesVector(precision, prior.mean);
  if (evidence.weight === 0) return prior;
  let nearest = nearestShift(prior.mean[0] ?? 0);
  let before = -1;
  for (let step = 0; ; step += 1) {
    const { gradient, curvature, shift } = expansion(evidence, nearest);
    const total = plus(precision, curvature);
    const target = plus(pull, gradient);
    for (let row = 0; row < size; row += 1)
      target[row] = (target[row] as number) + shift * (curvature[triangleLength(row)] as number);
    const mean = solve(cholesky(total, size), target);
    const next = nearestShift(mean[0] ?? 0);
    // between two shifts that point at each other, either is as good
    if (next === nearest || next === before || step === MOST_STEPS)
      return { mean, covariance: inverse(total, size) };
    before = nearest;
    nearest = next;
  }
}

function expansion({ size, sums }: Evidence, place: number) {
  const from = place * blockLength(size);
  return {
    shift: SHIFTS[place] ?? 0,
    gradient: sums.subarray(from, from + size),
    curvature: sums.subarray(from + size, from + blockLength(size)),
  };
}

function nearestShift(bias: number): number {
  let nearest = 0;
  SHIFTS.forEach((shift, place) => {
    if (Math.abs(shift - bias) < Math.abs((SHIFTS[nearest] ?? 0) - bias)) nearest = place;
  });
  return nearest;
}
