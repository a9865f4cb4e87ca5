import type { ExplorationSettings } from '../situation.js';

/**
 * Inverse-gap weighting (SquareCB; Foster & Rakhlin, 2020). With priorities normalised to ŷ in [0, 1] by the largest,
 * b the best of K arms and γ > 0:
 *   p(a) = max(floor, 1 / (K + γ (ŷ(b) − ŷ(a)))) for a ≠ b,   p(b) = 1 − Σ p(a).
 * Arms with priorities, none negative; the earliest of equals counts as the best. `greedy` gives the best all of it.
 * Probabilities are exact: they are what the draw uses and what is logged. A floor of 1 / K or more is refused.
 */
export function inverseGapWeights(
  priorities: readonly number[],
  { mode, gamma, floor }: Pick<ExplorationSettings, 'mode' | 'gamma' | 'floor'>,
): number[] {
  const arms = priorities.length;
  if (arms === 0) throw new Error('There is always one arm: no action');
  const best = priorities.reduce(
    (top, priority, index) => (priority > (priorities[top] ?? 0) ? index : top),
    0,
  );
  if (mode === 'greedy' || arms === 1) return priorities.map((_, index) => (index === best ? 1 : 0));
  if (floor >= 1 / arms) throw new Error(`A floor of ${floor} leaves nothing to choose among ${arms} arms`);
  const largest = priorities[best] ?? 0;
  const gap = (priority: number) => (largest > 0 ? (largest - priority) / largest : 0);
  const weights = priorities.map((priority) => Math.max(floor, 1 / (arms + gamma * gap(priority))));
  weights[best] = 0;
  weights[best] = 1 - weights.reduce((sum, weight) => sum + weight, 0);
  return weights;
}
