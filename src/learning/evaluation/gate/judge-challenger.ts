import type { Rng } from '../../../shared/index.js';
import {
  type ClusterSums,
  type Estimate,
  NO_ESTIMATE,
  RESAMPLES,
  resampled,
  sumsByAccount,
} from '../off-policy/intervals.js';
import type { PolicyContrast } from './policy-contrast.js';

/** `better` and `no-worse` are proven; `undecided`: the log is too small to tell; `no-log`: nothing to judge by. */
export const gateVerdicts = ['better', 'no-worse', 'undecided', 'worse', 'no-log'] as const;
export type GateVerdict = (typeof gateVerdicts)[number];

export interface GateSettings {
  /** A refresh may lose so much of the champion's value per decision: a share. */
  marginShare: number;
  /** Segments with fewer decisions are not judged by themselves. */
  leastOfSegment: number;
  /** Mean of the predicted chances may be so far from the rate of outcomes. */
  largestCalibrationGap: number;
  /** Draws of the accounts behind each interval. */
  resamples: number;
}

export const standardGate: GateSettings = {
  marginShare: 0.02,
  leastOfSegment: 200,
  largestCalibrationGap: 0.02,
  resamples: RESAMPLES,
};

export interface SegmentJudgement {
  segment: string;
  decisions: number;
  /** Challenger less champion, per decision. */
  difference: Estimate;
}

/** Challenger beside champion, on decisions of the champion. Money per decision, in the configured currency. */
export interface GateJudgement {
  verdict: GateVerdict;
  decisions: number;
  accounts: number;
  /** Of the decisions, those that the challenger was asked about in shadow, when they were made. */
  inShadow: number;
  /** What the champion's decisions earned on average; null without any. */
  championValue: number | null;
  /** Challenger less champion, doubly robust, with a 95 % interval from resampling accounts. */
  difference: Estimate;
  /** Loss that a refresh may have: a share of the champion's value. */
  margin: number | null;
  /** Segments that lose more than the margin, surely. */
  worseSegments: SegmentJudgement[];
  /** Mean predicted chance less the rate of outcomes, where something was carried out. */
  calibrationGap: Estimate;
  calibrated: boolean;
  /** Decisions that would tell a difference of 5 % of the champion's value four times in five; null: unknown. */
  decisionsNeeded: number | null;
}

/**
 * Doubly robust difference of two policies on the log of one of them (Dudík, Langford & Li, 2011): per decision
 *   [q̂(challenger) − q̂(champion)] + (w − 1)(r − q̂(taken)),
 * which is 0 where both would do the same, so that a refresh that changes little is judged sharply. The challenger must
 * not have been trained on these decisions.
 */
export function judgeChallenger(
  contrasts: readonly PolicyContrast[],
  rng: Rng,
  settings: GateSettings = standardGate,
): GateJudgement {
  if (contrasts.length === 0) return NOTHING_TO_JUDGE_BY;
  const clusters = clusterSums(contrasts);
  const share = settings.marginShare;
  const [difference = NO_ESTIMATE, overMargin = NO_ESTIMATE] = resampled(
    clusters,
    [differenceOf, (totals) => differenceOf(totals) + share * Math.abs(valueOf(totals))],
    rng,
    settings.resamples,
  );
  const championValue = contrasts.reduce((sum, { reward }) => sum + reward, 0) / contrasts.length;
  const calibrationGap = calibrationOf(contrasts, rng, settings.resamples);
  return {
    verdict: verdictOf(difference, overMargin),
    decisions: contrasts.length,
    accounts: clusters.sums.length / clusters.width,
    inShadow: contrasts.filter(({ inShadow }) => inShadow).length,
    championValue,
    difference,
    margin: share * Math.abs(championValue),
    worseSegments: worseSegments(contrasts, rng, settings),
    calibrationGap,
    calibrated: isCalibrated(calibrationGap, settings.largestCalibrationGap),
    decisionsNeeded: decisionsNeeded(difference, championValue, contrasts.length),
  };
}

const NOTHING_TO_JUDGE_BY: GateJudgement = {
  verdict: 'no-log',
  decisions: 0,
  accounts: 0,
  inShadow: 0,
  championValue: null,
  difference: NO_ESTIMATE,
  margin: null,
  worseSegments: [],
  calibrationGap: NO_ESTIMATE,
  calibrated: true,
  decisionsNeeded: null,
};

function verdictOf(difference: Estimate, overMargin: Estimate): GateVerdict {
  if ((difference.low ?? -Infinity) > 0) return 'better';
  if ((overMargin.low ?? -Infinity) > 0) return 'no-worse';
  return (overMargin.high ?? Infinity) < 0 ? 'worse' : 'undecided';
}

/** Decisions, Σ difference, Σ reward: by account. */
const WIDTH = 3;
const differenceOf = (totals: Float64Array) => (totals[1] ?? NaN) / (totals[0] ?? NaN);
const valueOf = (totals: Float64Array) => (totals[2] ?? NaN) / (totals[0] ?? NaN);

function clusterSums(contrasts: readonly PolicyContrast[]): ClusterSums {
  return sumsByAccount(contrasts, WIDTH, (contrast, add) => {
    const { weight, reward, expectedOfLogged, expectedUnderChallenger, expectedUnderChampion } = contrast;
    add(0, 1);
    add(1, expectedUnderChallenger - expectedUnderChampion + (weight - 1) * (reward - expectedOfLogged));
    add(2, reward);
  });
}

function worseSegments(
  contrasts: readonly PolicyContrast[],
  rng: Rng,
  { marginShare, leastOfSegment, resamples }: GateSettings,
): SegmentJudgement[] {
  const bySegment = new Map<string, PolicyContrast[]>();
  for (const contrast of contrasts) {
    if (contrast.segment === null) continue;
    const known = bySegment.get(contrast.segment);
    if (known) known.push(contrast);
    else bySegment.set(contrast.segment, [contrast]);
  }
  return [...bySegment].flatMap(([segment, own]) => {
    if (own.length < leastOfSegment) return [];
    const [difference = NO_ESTIMATE, overMargin = NO_ESTIMATE] = resampled(
      clusterSums(own),
      [differenceOf, (totals) => differenceOf(totals) + marginShare * Math.abs(valueOf(totals))],
      rng,
      resamples,
    );
    return (overMargin.high ?? Infinity) < 0 ? [{ segment, decisions: own.length, difference }] : [];
  });
}

function calibrationOf(contrasts: readonly PolicyContrast[], rng: Rng, resamples: number): Estimate {
  const sums = sumsByAccount(contrasts, 2, ({ response }, add) => {
    if (response === null) return;
    add(0, 1);
    add(1, response.predicted - (response.happened ? 1 : 0));
  });
  const [gap = NO_ESTIMATE] = resampled(sums, [differenceOf], rng, resamples);
  return gap;
}

/** Only a gap that is surely too large speaks against a model: few outcomes say little. */
function isCalibrated({ low, high }: Estimate, largest: number): boolean {
  return !((low ?? -Infinity) > largest || (high ?? Infinity) < -largest);
}

/** z for 95 % two-sided, and for a power of 80 %. */
const Z_LEVEL = 1.96;
const Z_POWER = 0.84;
const WORTH_TELLING = 0.05;

function decisionsNeeded({ low, high }: Estimate, value: number, decisions: number): number | null {
  if (low === null || high === null || value === 0) return null;
  const standardError = (high - low) / (2 * Z_LEVEL);
  const effect = WORTH_TELLING * Math.abs(value);
  return Math.ceil(decisions * (((Z_LEVEL + Z_POWER) * standardError) / effect) ** 2);
}
