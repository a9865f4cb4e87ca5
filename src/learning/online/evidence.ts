import { addOuter, triangleLength } from './symmetric.js';

/**
 * What outcomes say of a correction θ that is added to a model's logit, as sums: additive, so that evidence can be
 * taken back, forgotten by a factor and pooled. The log-likelihood of a logistic regression with known offset o,
 *   ℓ(θ) = Σ w (y (o + φᵀθ) − ln(1 + exp(o + φᵀθ))),   φ₀ = 1,
 * has no sums that are exact for every θ. It is kept as its second-order expansion around a grid of shifts a of the
 * bias, θ = a e₀: gradient g_a = Σ w (y − σ(o + a)) φ and curvature H_a = Σ w σ(o + a) (1 − σ(o + a)) φ φᵀ.
 * A large shift is then found as exactly as a small one.
 */
export interface Evidence {
  /** Length of φ. */
  size: number;
  /** Sum of the weights, and of those of positives. */
  weight: number;
  positives: number;
  /** For each shift: g_a, then the lower triangle of H_a. */
  sums: Float64Array;
}

/** Shifts of the bias (logits) around which the likelihood is expanded. */
export const SHIFTS: readonly number[] = Array.from({ length: 13 }, (_, place) => -3 + place / 2);

export function blockLength(size: number): number {
  return size + triangleLength(size);
}

export function noEvidence(size: number): Evidence {
  return { size, weight: 0, positives: 0, sums: new Float64Array(SHIFTS.length * blockLength(size)) };
}

/** One outcome (1 or 0) of a trial with offset `logit` and representation `phi` (phi[0] = 1), in place. */
export function addTrial(
  evidence: Evidence,
  trial: { logit: number; phi: ArrayLike<number> },
  label: 0 | 1,
  weight: number,
): void {
  const { size, sums } = evidence;
  const { logit, phi } = trial;
  evidence.weight += weight;
  evidence.positives += weight * label;
  let place = 0;
  for (const shift of SHIFTS) {
    const chance = 1 / (1 + Math.exp(-logit - shift));
    const residual = weight * (label - chance);
    for (let index = 0; index < size; index += 1, place += 1)
      sums[place] = (sums[place] as number) + residual * (phi[index] as number);
    addOuter(sums, phi, weight * chance * (1 - chance), place);
    place += triangleLength(size);
  }
}

/** Adds `factor` × other, in place: pooling, and with −1 leaving something out of a pool. */
export function addEvidence(evidence: Evidence, other: Evidence, factor = 1): void {
  evidence.weight += factor * other.weight;
  evidence.positives += factor * other.positives;
  const { sums } = evidence;
  for (let place = 0; place < sums.length; place += 1)
    sums[place] = (sums[place] as number) + factor * (other.sums[place] as number);
}

/** Forgetting: everything counts `factor` times as much, in place. */
export function scaleEvidence(evidence: Evidence, factor: number): void {
  if (factor === 1) return;
  evidence.weight *= factor;
  evidence.positives *= factor;
  const { sums } = evidence;
  for (let place = 0; place < sums.length; place += 1) sums[place] = (sums[place] as number) * factor;
}
