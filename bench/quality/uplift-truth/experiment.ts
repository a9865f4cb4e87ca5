import type { RandomisedRows } from '../../../src/learning/index.js';
import { integerBelow, pick, type Rng, seededRng, shuffled } from '../../../src/shared/index.js';
import type { Covariates } from './covariates.js';
import { landscape, scaledColumns } from './landscape.js';
import { logistic, type Regime, regimeNames, regimes } from './regimes.js';

/** A randomised experiment on real people with simulated outcomes: all chances are known. */
export interface Experiment {
  data: RandomisedRows;
  train: Int32Array;
  test: Int32Array;
  /** True chance of the outcome: rows × arms. */
  chances: Float64Array;
}

export interface ExperimentSize {
  /** Rows to learn from, an arm. */
  train: number;
  test: number;
  /** Mean chance of the outcome without treatment. */
  base: number;
}

const ARMS = ['nothing', 'letter', 'call'];
const FEWEST_COLUMNS = 6;
const SPREAD_OF_COLUMNS = 5;
const LEAST_CHANCE = 0.002;

/**
 * Three arms, equally likely: the first treatment's effects lie as the regime says, the other's do so in half of the
 * cases.
 */
export function drawExperiment(
  covariates: Covariates,
  regime: Regime,
  size: ExperimentSize,
  seed: string,
): Experiment {
  const rng = seededRng(seed);
  const wanted = Math.min(covariates.rows, ARMS.length * size.train + size.test);
  const people = drawPeople(covariates, wanted, rng);
  const columns = scaledColumns(people, rng);
  const height = landscape(columns, columns.length, 2, rng);
  const steepness = 0.4 + 0.6 * rng.next();
  const level = levelFor(height, steepness, size.base);
  const nothing = height.map((value) => logistic(level + steepness * value));
  const relative = 0.15 + 0.45 * rng.next();
  const treated = [regime, rng.next() < 1 / 2 ? regime : pick(rng, regimeNames)].map((own) =>
    regimes[own]({ columns, chances: nothing, relative: relative * (0.5 + 0.6 * rng.next()), rng }),
  );
  const byArm = [nothing, ...treated];
  const chances = Float64Array.from({ length: wanted * ARMS.length }, (_, place) => {
    const chance = byArm[place % ARMS.length]?.[Math.floor(place / ARMS.length)] ?? NaN;
    return Math.min(1 - LEAST_CHANCE, Math.max(LEAST_CHANCE, chance));
  });
  const arm = Int32Array.from({ length: wanted }, () => integerBelow(rng, ARMS.length));
  const outcome = Float64Array.from(arm, (own, row) =>
    rng.next() < (chances[row * ARMS.length + own] as number) ? 1 : 0,
  );
  const rows = Int32Array.from({ length: wanted }, (_, row) => row);
  const data = { ...people, arms: ARMS, arm, outcome };
  return {
    data,
    train: rows.subarray(0, wanted - size.test),
    test: rows.subarray(wanted - size.test),
    chances,
  };
}

/** Some people, each at most once, in random order, and what is known of them: some of the columns. */
function drawPeople({ rows, numbers, categories }: Covariates, wanted: number, rng: Rng): Covariates {
  const taken = shuffled(
    rng,
    Array.from({ length: rows }, (_, row) => row),
  ).slice(0, wanted);
  const names = [...numbers, ...categories].map(({ name }) => name);
  const kept = new Set(shuffled(rng, names).slice(0, FEWEST_COLUMNS + integerBelow(rng, SPREAD_OF_COLUMNS)));
  return {
    rows: wanted,
    numbers: numbers
      .filter(({ name }) => kept.has(name))
      .map(({ name, values }) => ({
        name,
        values: Float64Array.from(taken, (row) => values[row] as number),
      })),
    categories: categories
      .filter(({ name }) => kept.has(name))
      .map(({ name, values, codes }) => ({
        name,
        values,
        codes: Int32Array.from(taken, (row) => codes[row] as number),
      })),
  };
}

const HALVINGS = 50;

/** The intercept that gives this mean chance, by bisection. */
function levelFor(height: Float64Array, steepness: number, mean: number): number {
  let low = -12;
  let high = 12;
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    const reached =
      height.reduce((sum, value) => sum + logistic(middle + steepness * value), 0) / height.length;
    if (reached < mean) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
