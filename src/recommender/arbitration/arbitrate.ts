import { type Considered, tiers } from '../candidates/considered.js';

/**
 * Priority = propensity × value × context × lever − cost of the touch, in the configured currency; where a catalogue is
 * valued by what suggestions add, the incremental propensity stands in place of the propensity. The factors are
 * taken at the precision in which they are logged (float32), so that a logged decision gives the same priority.
 */
export function priorityOf(factors: {
  propensity: number;
  incremental?: number | undefined;
  value: number;
  context: number;
  lever: number;
  cost: number;
}): number {
  const { propensity, incremental, value, context, lever, cost } = factors;
  return (
    Math.fround(incremental ?? propensity) * Math.fround(value) * Math.fround(context) * Math.fround(lever) -
    Math.fround(cost)
  );
}

export function prioritise(candidate: Considered): number {
  const { action, channel } = candidate.variant.offer;
  return priorityOf({
    propensity: candidate.propensity,
    incremental: candidate.incremental,
    value: candidate.value,
    context: candidate.context,
    lever: action.lever,
    cost: channel.costPerTouch,
  });
}

/**
 * Candidates worth a place, the best first: mandatory ones, then what answers the customer's need, then by priority.
 * Anything not mandatory needs a priority above zero.
 */
export function arbitrate(candidates: readonly Considered[]): Considered[] {
  const worth: Considered[] = [];
  for (const candidate of candidates) {
    const { refusal, priority, tier } = candidate;
    if (!refusal && (priority > 0 || tier === tiers.mandatory)) worth.push(candidate);
  }
  return worth.sort((a, b) => b.tier - a.tier || b.priority - a.priority);
}
