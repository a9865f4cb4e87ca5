import { gaussian, integerBelow, type Rng } from '../../shared/index.js';
import type { CandidateInputs } from '../../recommender/index.js';
import { type Dataset, DatasetBuilder } from '../dataset/dataset.js';
import { sigmoid } from '../training/calibration.js';
import { profiles } from './random-artefact.js';

const SCHEMA = {
  featureSet: 'planted',
  numbers: ['feature:a', 'feature:b', 'feature:noise'],
  categories: [],
  crosses: ['liked@action'],
};
const DAY = 86_400_000;
const DAYS = 100;
const UNKNOWN_SHARE = 0.5;

export interface Planted {
  dataset: Dataset;
  /** True chance of the outcome of each row. */
  truth: Float64Array;
}

/** What makes the outcome likely: of two numbers of the account, an action, and the account's history with it. */
export type Truth = (a: number, b: number, action: number, liked: number) => number;

/** Effects add up on the logit: nothing that a linear model could not learn. */
export const additive: Truth = (a, b, action, liked) =>
  -0.5 + 0.8 * a - 0.5 * b + 0.4 * (action - 2) + 0.6 * liked;

/** Which account answers depends on the action, and a matters only where b is high. */
export const interacting: Truth = (a, b, action, liked) =>
  -0.3 + 1.6 * (action % 2 === 0 ? a : -a) + 1.2 * (b > 0 ? a : -a) + 0.4 * liked;

/** It does not matter whom something is sent to. */
export const byActionAlone: Truth = (_a, _b, action) => -0.5 + 0.8 * (action - 2);

/** A market whose truth is known: accounts, actions and outcomes drawn from a logit that the caller gives. */
export function planted(rows: number, logit: Truth, rng: Rng): Planted {
  const builder = new DatasetBuilder(SCHEMA, ['opened']);
  const known = profiles(5, 1);
  const truth = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const [a, b, noise] = [gaussian(rng), gaussian(rng), gaussian(rng)];
    const action = integerBelow(rng, known.length);
    const liked = rng.next() < UNKNOWN_SHARE ? NaN : gaussian(rng);
    const chance = sigmoid(logit(a, b, action, Number.isNaN(liked) ? 0 : liked));
    truth[row] = chance;
    builder.add({
      accountId: `account-${integerBelow(rng, Math.ceil(rows / 5))}`,
      at: new Date(Math.floor((row / rows) * DAYS * DAY)),
      inputs: { numbers: Float32Array.of(a, b, noise), categories: [] },
      candidate: {
        ...known[action],
        outcomeId: 'opened',
        crosses: Float32Array.of(liked),
      } as CandidateInputs,
      labels: Float32Array.of(rng.next() < chance ? 1 : 0),
    });
  }
  return { dataset: builder.build(), truth };
}
