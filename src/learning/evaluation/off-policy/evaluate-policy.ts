import type { Rng } from '../../../shared/index.js';
import { type EstimatorName, estimators } from './estimators.js';
import { type ClusterSums, type Estimate, resampled } from './intervals.js';
import {
  type LoggedDecision,
  type OffPolicySettings,
  standardOffPolicy,
  type Totals,
  totalNames,
  totalsOf,
} from './logged-decision.js';

export type PolicyValue = Record<EstimatorName, Estimate>;

/**
 * What an evaluation policy would have earned per decision, from the log of another: every estimator with a 95 %
 * interval from resampling accounts. Throws on a log that is empty or in which something was taken with probability 0.
 */
export function evaluatePolicy(
  decisions: readonly LoggedDecision[],
  rng: Rng,
  settings: OffPolicySettings = standardOffPolicy,
): PolicyValue {
  const clusters = clusterSums(decisions, settings);
  const names = Object.keys(estimators) as EstimatorName[];
  const estimates = resampled(
    clusters,
    names.map((name) => (totals: Float64Array) => estimators[name](named(totals))),
    rng,
  );
  return Object.fromEntries(names.map((name, place) => [name, estimates[place]])) as PolicyValue;
}

/** Sums by account, in the order of `totalNames`. */
export function clusterSums(decisions: readonly LoggedDecision[], settings: OffPolicySettings): ClusterSums {
  if (decisions.length === 0) throw new Error('There are no decisions to judge by');
  const width = totalNames.length;
  const places = new Map<string, number>();
  const clusterOf = ({ account }: LoggedDecision, row: number): number => {
    if (account === null) return row;
    const known = places.get(account) ?? places.size;
    places.set(account, known);
    return known;
  };
  const clusters = decisions.map(clusterOf);
  const count = clusters.reduce((most, cluster) => Math.max(most, cluster), -1) + 1;
  const sums = new Float64Array(count * width);
  decisions.forEach((decision, row) => {
    if (!(decision.inclusionProbability > 0))
      throw new Error(`Decision ${row + 1} has an inclusion probability of ${decision.inclusionProbability}`);
    const totals = totalsOf(decision, settings);
    const from = (clusters[row] ?? 0) * width;
    totalNames.forEach((name, column) => (sums[from + column] = (sums[from + column] ?? 0) + totals[name]));
  });
  return { width, sums };
}

function named(totals: Float64Array): Totals {
  return {
    decisions: totals[0] as number,
    weight: totals[1] as number,
    weighted: totals[2] as number,
    clipped: totals[3] as number,
    expected: totals[4] as number,
    residual: totals[5] as number,
    switched: totals[6] as number,
  };
}
