import { seededRng } from '../../shared/index.js';
import type { RankingMetrics } from './ranking-metrics.js';

export type RankingMeasure = Exclude<keyof RankingMetrics, 'accounts'>;
export const rankingMeasures: readonly RankingMeasure[] = ['hrAtK', 'precisionAtK', 'ndcgAtK', 'recallAtK'];

/** What one account adds to each mean. */
export type AccountRanking = Readonly<Record<RankingMeasure, number>>;

export interface Interval {
  low: number;
  high: number;
}
export type RankingIntervals = Record<RankingMeasure, Interval>;

const ROUNDS = 2000;
const TAIL = 0.025;

/**
 * 95 % percentile intervals of the means (Efron, 1979), accounts drawn with replacement. With `beside`, of the paired
 * difference: the same accounts, ours minus theirs.
 */
export function rankingIntervals(
  ours: readonly AccountRanking[],
  seed: string,
  beside?: readonly AccountRanking[],
): RankingIntervals {
  const columns = rankingMeasures.map((measure) =>
    Float64Array.from(ours, (one, place) => one[measure] - (beside?.[place]?.[measure] ?? 0)),
  );
  const rng = seededRng(seed);
  const means = rankingMeasures.map(() => new Float64Array(ROUNDS));
  for (let round = 0; round < ROUNDS; round += 1) {
    const sums = new Float64Array(columns.length);
    for (let drawn = 0; drawn < ours.length; drawn += 1) {
      const account = Math.floor(rng.next() * ours.length);
      for (let at = 0; at < columns.length; at += 1)
        sums[at] = (sums[at] as number) + (columns[at]?.[account] ?? 0);
    }
    means.forEach((column, at) => (column[round] = (sums[at] ?? 0) / ours.length));
  }
  const interval = (column: Float64Array): Interval => {
    const sorted = column.slice().sort();
    const at = (share: number): number => sorted[Math.round(share * (ROUNDS - 1))] ?? NaN;
    return { low: at(TAIL), high: at(1 - TAIL) };
  };
  return Object.fromEntries(
    rankingMeasures.map((measure, at) => [measure, interval(means[at] ?? new Float64Array(1))]),
  ) as RankingIntervals;
}
