import { type Rng, unitHash } from '../../shared/index.js';
import { type Estimate, resampled } from './off-policy/intervals.js';

/** What happened to one account in one period. */
export interface AccountFacts {
  accountId: string;
  /** Served the declared rules. */
  held: boolean;
  /** For each measure, its sum over the period: outcomes, value, … */
  sums: readonly number[];
}

/** Accounts served the model beside those served the declared rules, per account. */
export interface Comparison {
  treated: number | null;
  holdout: number | null;
  /** Treated less holdout, with a 95 % interval from resampling accounts. */
  uplift: Estimate;
}

/** More accounts than this are put together by a hash of their id before they are resampled. */
const MOST_CLUSTERS = 4000;
const RESAMPLES = 1000;

/**
 * Means per account of each measure and their difference. Accounts are in one group by a salted hash, so that the
 * difference is what serving the model caused, whatever was touched (intention to treat).
 */
export function compareHoldout(facts: readonly AccountFacts[], measures: number, rng: Rng): Comparison[] {
  const width = 2 + 2 * measures;
  const clusters = Math.min(facts.length, MOST_CLUSTERS);
  const sums = new Float64Array(clusters * width);
  facts.forEach(({ accountId, held, sums: own }, row) => {
    const cluster =
      facts.length > MOST_CLUSTERS ? Math.floor(unitHash(`cluster:${accountId}`) * clusters) : row;
    const group = held ? 1 : 0;
    const from = cluster * width;
    add(sums, from + group, 1);
    own.forEach((value, measure) => add(sums, from + 2 + 2 * measure + group, value));
  });
  const places = Array.from({ length: measures }, (_, measure) => 2 + 2 * measure);
  const mean = (totals: Float64Array, place: number, group: 0 | 1) =>
    (totals[place + group] ?? NaN) / (totals[group] ?? NaN);
  const uplifts = resampled(
    { width, sums },
    places.map((place) => (totals: Float64Array) => mean(totals, place, 0) - mean(totals, place, 1)),
    rng,
    RESAMPLES,
  );
  const total = new Float64Array(width);
  sums.forEach((value, place) => add(total, place % width, value));
  return places.map((place, measure) => ({
    treated: finite(mean(total, place, 0)),
    holdout: finite(mean(total, place, 1)),
    uplift: uplifts[measure] ?? { value: null, low: null, high: null },
  }));
}

function add(sums: Float64Array, place: number, value: number): void {
  sums[place] = (sums[place] ?? 0) + value;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
