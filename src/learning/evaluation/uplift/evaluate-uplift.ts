import { digest, type Rng } from '../../../shared/index.js';
import {
  type Chosen,
  effectsOf,
  isBinary,
  learnUplift,
  personalArms,
  type RandomisedRows,
  type UpliftSettings,
} from '../../uplift/index.js';
import { matchedValue, type PolicyRows } from './policy-value.js';
import { RankedRows, type UpliftRanking } from './ranking.js';

export interface Interval {
  low: number | null;
  high: number | null;
}

export interface ArmEvaluation extends UpliftRanking {
  rows: number;
  /** Mean outcome less that of the control. */
  averageEffect: number | null;
  /** 95 %, from resampling rows. */
  intervals: Record<keyof UpliftRanking | 'averageEffect', Interval>;
}

export interface UpliftEvaluation {
  rows: number;
  control: string;
  /** Whether known properties say which arm a row got. */
  assignment: 'randomised' | 'modelled';
  /** By name; ranking figures are means over the folds. */
  arms: Record<string, ArmEvaluation>;
  /**
   * Mean outcome when each row gets the arm with the largest expected effect, the control included, where that is
   * worth it.
   */
  policyValue: number | null;
  policyInterval: Interval;
  /** Share of the rows that the policy gives each arm. */
  policyShares: Record<string, number>;
  /** The one arm for everybody that was best on each fold's training rows (named: on all rows). */
  bestSingleArm: { arm: string; value: number | null } & Interval;
  /** Policy less best single arm, on the same resampled rows. */
  difference: { value: number | null } & Interval;
  /** Digest of the settings, so that a figure can be traced to them. */
  settings: string;
  /** What was listened to on each fold. */
  chosen: Chosen[];
}

export interface UpliftTask {
  data: RandomisedRows;
  /** Rows to be judged, a fold each; the others train. */
  folds: readonly { train: Int32Array; test: Int32Array }[];
  settings: UpliftSettings;
  resamples: number;
  rng: Rng;
  onProgress?: (done: number, total: number) => void;
  /** Is given the judged rows, and the arm (a place in `data.arms`) that the policy chooses, by row of the table. */
  onChosen?: (rows: Int32Array, chosen: Int32Array) => void;
}

const TAIL = 0.025;

/** Learns on each fold's training rows, ranks and chooses on its test rows, and measures. */
export function evaluateUplift(task: UpliftTask): UpliftEvaluation {
  const judged = judgedFolds(task);
  task.onChosen?.(judged.policy.rows, judged.policy.chosen);
  const measure = measurement(task, judged);
  const value = measure();
  const drawn: Float64Array[] = [];
  const weights = new Float64Array(task.data.rows);
  const tested = Int32Array.from(task.folds.flatMap(({ test }) => [...test]));
  for (let round = 0; round < task.resamples; round += 1) {
    weights.fill(0);
    for (let count = 0; count < tested.length; count += 1) {
      const row = tested[Math.floor(task.rng.next() * tested.length)] as number;
      weights[row] = (weights[row] as number) + 1;
    }
    drawn.push(measure(weights));
  }
  return described(task, judged, value, drawn);
}

interface JudgedFolds {
  ranked: { arm: number; ofFold: RankedRows[] }[];
  policy: PolicyRows;
  single: PolicyRows;
  assignment: UpliftEvaluation['assignment'];
  chosen: UpliftEvaluation['chosen'];
}

function judgedFolds({ data, folds, settings, onProgress }: UpliftTask): JudgedFolds {
  const arms = data.arms.length;
  const binary = isBinary(data.outcome);
  const tested = Int32Array.from(folds.flatMap(({ test }) => [...test]));
  const chance = new Float64Array(data.rows);
  const byPolicy = new Int32Array(data.rows);
  const bySingle = new Int32Array(data.rows);
  const ranked = data.arms.slice(1).map((_, index) => ({ arm: index + 1, ofFold: [] as RankedRows[] }));
  const chosen: UpliftEvaluation['chosen'] = [];
  let blind = true;
  folds.forEach(({ train, test }, fold) => {
    const { model, assignment } = learnUplift(data, train, settings);
    const { expected, ranking } = effectsOf(model, data);
    const choice = personalArms(expected, arms, model.chosen.personal);
    const single = bestOf(data, train);
    blind &&= assignment.kind === 'randomised';
    for (const row of test) {
      chance[row] = assignment.chances[row * arms + (data.arm[row] as number)] as number;
      byPolicy[row] = choice[row] as number;
      bySingle[row] = single;
    }
    for (const { arm, ofFold } of ranked) ofFold.push(rankedRows(data, test, ranking, arm, binary));
    chosen.push(model.chosen);
    onProgress?.(fold + 1, folds.length);
  });
  const base = { rows: tested, arm: data.arm, outcome: data.outcome, chance };
  return {
    ranked,
    policy: { ...base, chosen: byPolicy },
    single: { ...base, chosen: bySingle },
    assignment: blind ? 'randomised' : 'modelled',
    chosen,
  };
}

function rankedRows(
  data: RandomisedRows,
  test: Int32Array,
  effects: Float64Array,
  arm: number,
  binary: boolean,
): RankedRows {
  const own = test.filter((row) => data.arm[row] === 0 || data.arm[row] === arm);
  return new RankedRows(
    own,
    Float64Array.from(own, (row) => effects[row * data.arms.length + arm] as number),
    Uint8Array.from(own, (row) => (data.arm[row] === arm ? 1 : 0)),
    Float64Array.from(own, (row) => data.outcome[row] as number),
    binary,
  );
}

/** The arm with the highest mean outcome. */
function bestOf({ arms, arm, outcome }: RandomisedRows, rows: Int32Array): number {
  const means = arms.map((_, wanted) => {
    const own = rows.filter((row) => arm[row] === wanted);
    return own.reduce((sum, row) => sum + (outcome[row] as number), 0) / own.length;
  });
  return means.indexOf(Math.max(...means));
}

const FIGURES = ['qini', 'auuc', 'upliftAt10', 'upliftAt30'] as const;

/** All figures as one row of numbers: four and the average effect an arm, then policy, single arm and their difference. */
function measurement({ data }: UpliftTask, { ranked, policy, single }: JudgedFolds) {
  return (weights?: Float64Array): Float64Array => {
    const values: number[] = [];
    for (const { arm, ofFold } of ranked) {
      const measured = ofFold.map((rows) => rows.measure(weights));
      for (const figure of FIGURES) values.push(meanOf(measured.map((one) => one[figure] ?? NaN)));
      values.push(averageEffect(data, policy.rows, arm, weights));
    }
    const own = matchedValue(policy, weights) ?? NaN;
    const other = matchedValue(single, weights) ?? NaN;
    return Float64Array.from([...values, own, other, own - other]);
  };
}

function averageEffect(
  { arm, outcome }: RandomisedRows,
  rows: Int32Array,
  wanted: number,
  weights?: Float64Array,
): number {
  const sums = [0, 0];
  const counts = [0, 0];
  for (const row of rows) {
    if (arm[row] !== 0 && arm[row] !== wanted) continue;
    const group = arm[row] === 0 ? 0 : 1;
    const weight = weights ? (weights[row] as number) : 1;
    sums[group] = (sums[group] ?? 0) + weight * (outcome[row] as number);
    counts[group] = (counts[group] ?? 0) + weight;
  }
  return (sums[1] ?? 0) / (counts[1] ?? 0) - (sums[0] ?? 0) / (counts[0] ?? 0);
}

function described(
  task: UpliftTask,
  judged: JudgedFolds,
  value: Float64Array,
  drawn: readonly Float64Array[],
): UpliftEvaluation {
  const { data } = task;
  const at = (place: number) => finite(value[place] ?? NaN);
  const between = (place: number) =>
    intervalOf(
      drawn.map((one) => one[place] ?? NaN),
      value[place] ?? NaN,
    );
  const width = FIGURES.length + 1;
  const last = judged.ranked.length * width;
  const { policy, single } = judged;
  const usual = bestOf(data, single.rows);
  return {
    rows: policy.rows.length,
    control: data.arms[0] ?? '',
    assignment: judged.assignment,
    arms: Object.fromEntries(
      judged.ranked.map(({ arm }, index): [string, ArmEvaluation] => {
        const [qini, auuc, upliftAt10, upliftAt30, effect] = [0, 1, 2, 3, 4].map(
          (place) => index * width + place,
        ) as [number, number, number, number, number];
        return [
          data.arms[arm] ?? '',
          {
            rows: policy.rows.reduce((sum, row) => sum + (data.arm[row] === arm ? 1 : 0), 0),
            qini: at(qini),
            auuc: at(auuc),
            upliftAt10: at(upliftAt10),
            upliftAt30: at(upliftAt30),
            averageEffect: at(effect),
            intervals: {
              qini: between(qini),
              auuc: between(auuc),
              upliftAt10: between(upliftAt10),
              upliftAt30: between(upliftAt30),
              averageEffect: between(effect),
            },
          },
        ];
      }),
    ),
    policyValue: at(last),
    policyInterval: between(last),
    policyShares: sharesOf(data, policy),
    bestSingleArm: { arm: data.arms[usual] ?? '', value: at(last + 1), ...between(last + 1) },
    difference: { value: at(last + 2), ...between(last + 2) },
    settings: digest(task.settings).slice(0, 16),
    chosen: judged.chosen,
  };
}

function sharesOf({ arms }: RandomisedRows, { rows, chosen }: PolicyRows): Record<string, number> {
  return Object.fromEntries(
    arms.map((name, arm) => [
      name,
      rows.reduce((sum, row) => sum + (chosen[row] === arm ? 1 : 0), 0) / rows.length,
    ]),
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Percentiles of the resampled values (Efron, 1979). */
function intervalOf(drawn: readonly number[], value: number): Interval {
  const known = Float64Array.from(drawn.filter(Number.isFinite)).sort();
  if (known.length === 0 || !Number.isFinite(value)) return { low: null, high: null };
  const at = (level: number) => known[Math.min(known.length - 1, Math.floor(level * known.length))] as number;
  return { low: Math.min(value, at(TAIL)), high: Math.max(value, at(1 - TAIL)) };
}
