import type { Rng } from '../../shared/index.js';
import { type Estimate, NO_ESTIMATE, resampled, sumsByAccount } from '../evaluation/off-policy/index.js';
import { compareMetrics } from '../evaluation/resampled-metrics.js';
import type { ShadowRow } from './shadow-row.js';

export interface GroupAgreement {
  /** Channel of the champion's first place, `no-action`; or segment of the account, `none`. */
  group: string;
  decisions: number;
  first: Estimate;
}

/** Predicted chances of one model beside what happened. */
export interface ShadowCalibration {
  /** Mean of the predicted chances less the rate of outcomes. */
  gap: Estimate;
  ece: Estimate;
  logLoss: Estimate;
  brier: Estimate;
  auc: Estimate;
}

/** Both models on the same touches: those that the champion drew, that were carried out and are settled. */
export interface OutcomesBeside {
  touches: number;
  happened: number;
  champion: ShadowCalibration;
  challenger: ShadowCalibration;
  /** Challenger less champion, paired; below 0: the challenger predicts better. */
  logLossDifference: Estimate;
}

/** A model in shadow beside the champion. Every estimate has a 95 % interval from resampling accounts. */
export interface ShadowFigures {
  decisions: number;
  accounts: number;
  /** Where nothing could be chosen, which agreement leaves out: mandatory, or nothing worth its cost for either. */
  withoutChoice: number;
  agreement: {
    /** Share in which both put the same first, chance set aside. */
    first: Estimate;
    /** Share in which both drew the same, with the same seed. */
    drawn: Estimate;
    /** Share in which the challenger puts first what is not among the champion's arms: of that the log says nothing. */
    beyond: Estimate;
    byChannel: GroupAgreement[];
    bySegment: GroupAgreement[];
  };
  propensity: {
    /** Decisions that drew an action which both scored. */
    decisions: number;
    /** Challenger less champion, of what the champion drew: mean, and mean without its sign. */
    difference: Estimate;
    distance: Estimate;
  };
  /** Null: no outcome is known yet. */
  outcomes: OutcomesBeside | null;
  /** What it took to decide a second time, off the way of the answer; null without any decision. */
  milliseconds: { mean: number; median: number; p95: number; most: number } | null;
}

/** Seeded by `rng`: the same rows give the same figures. */
export function compareShadow(rows: readonly ShadowRow[], rng: Rng): ShadowFigures {
  const chosen = rows.filter(({ choice }) => choice);
  const [first = NO_ESTIMATE, drawn = NO_ESTIMATE, beyond = NO_ESTIMATE] = means(
    chosen,
    [({ sameFirst }) => +sameFirst, ({ sameDrawn }) => +sameDrawn, (row) => +row.beyond],
    rng,
  );
  return {
    decisions: rows.length,
    accounts: new Set(rows.map(({ account }) => account)).size,
    withoutChoice: rows.length - chosen.length,
    agreement: {
      first,
      drawn,
      beyond,
      byChannel: byGroup(chosen, ({ channel }) => channel ?? 'no-action', rng),
      bySegment: byGroup(chosen, ({ segment }) => segment ?? 'none', rng),
    },
    propensity: propensityOf(rows, rng),
    outcomes: outcomesOf(rows, rng),
    milliseconds: millisecondsOf(rows),
  };
}

/** Means over rows of several things, on the same draws. */
function means<Row extends { account: string }>(
  rows: readonly Row[],
  things: readonly ((row: Row) => number)[],
  rng: Rng,
): Estimate[] {
  const sums = sumsByAccount(rows, things.length + 1, (row, add) => {
    add(0, 1);
    things.forEach((thing, place) => add(place + 1, thing(row)));
  });
  return resampled(
    sums,
    things.map((_, place) => (totals) => (totals[place + 1] ?? NaN) / (totals[0] ?? NaN)),
    rng,
  );
}

function byGroup(
  rows: readonly ShadowRow[],
  groupOf: (row: ShadowRow) => string,
  rng: Rng,
): GroupAgreement[] {
  const groups = [...new Set(rows.map(groupOf))];
  return groups
    .map((group) => {
      const own = rows.filter((row) => groupOf(row) === group);
      const [first = NO_ESTIMATE] = means(own, [({ sameFirst }) => +sameFirst], rng);
      return { group, decisions: own.length, first };
    })
    .sort((one, other) => other.decisions - one.decisions);
}

type Scored = ShadowRow & { propensities: NonNullable<ShadowRow['propensities']> };
const isScored = (row: ShadowRow): row is Scored => row.propensities !== null;
const apart = ({ propensities: { challenger, champion } }: Scored): number => challenger - champion;

function propensityOf(rows: readonly ShadowRow[], rng: Rng): ShadowFigures['propensity'] {
  const scored = rows.filter(isScored);
  const [difference = NO_ESTIMATE, distance = NO_ESTIMATE] = means(
    scored,
    [apart, (row) => Math.abs(apart(row))],
    rng,
  );
  return { decisions: scored.length, difference, distance };
}

function outcomesOf(rows: readonly ShadowRow[], rng: Rng): OutcomesBeside | null {
  const touches = rows.filter(isScored).filter(({ happened }) => happened !== null);
  if (touches.length === 0) return null;
  const numbers = new Map(touches.map(({ account }, place) => [account, place]));
  const compared = compareMetrics(
    [
      {
        happened: touches.map(({ happened }) => +(happened ?? false)),
        predicted: {
          challenger: touches.map(({ propensities }) => propensities.challenger),
          champion: touches.map(({ propensities }) => propensities.champion),
        },
        account: touches.map(({ account }) => numbers.get(account) ?? 0),
      },
    ],
    rng,
  );
  const gaps = means(
    touches,
    (['champion', 'challenger'] as const).map(
      (model) => (row: Scored) => row.propensities[model] - +(row.happened ?? false),
    ),
    rng,
  );
  const calibration = (model: 'champion' | 'challenger', gap = NO_ESTIMATE): ShadowCalibration => {
    const metrics = compared.models[model];
    const {
      ece = NO_ESTIMATE,
      logLoss = NO_ESTIMATE,
      brier = NO_ESTIMATE,
      auc = NO_ESTIMATE,
    } = metrics ?? {};
    return { gap, ece, logLoss, brier, auc };
  };
  return {
    touches: touches.length,
    happened: touches.filter(({ happened }) => happened).length,
    champion: calibration('champion', gaps[0]),
    challenger: calibration('challenger', gaps[1]),
    logLossDifference: compared.differences['champion']?.logLoss ?? NO_ESTIMATE,
  };
}

const NEARLY_ALL = 0.95;

function millisecondsOf(rows: readonly ShadowRow[]): ShadowFigures['milliseconds'] {
  const sorted = Float64Array.from(rows, ({ milliseconds }) => milliseconds).sort();
  if (sorted.length === 0) return null;
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
  const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
  return { mean, median: at(1 / 2), p95: at(NEARLY_ALL), most: at(1) };
}
