import { type Scores, scoredEffect } from './doubly-robust.js';

/** When a row gets another arm than the one that is best for all. */
export interface PersonalChoice {
  /** The arm that is best for all, by the scores of the training rows. */
  usual: number;
  /** What another arm must be expected to bring beyond it; null: nothing suffices, everybody gets the usual arm. */
  margin: number | null;
  /** What these choices brought beyond the usual arm, a training row each, on rows that were not fitted. */
  gained: number;
}

/** Shares of the rows that may get another arm than the usual one. */
const SHARES = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1] as const;

/**
 * The margin by which choices of one's own brought most on rows that were not fitted, by doubly robust scores; where none
 * of the shares brought anything, everybody gets the usual arm. Without it the best of many uncertain effects would be
 * chosen too often, since the largest is the one most overestimated. `expected` is rows × arms.
 */
export function chooseMargin(
  { train, scores }: { train: Int32Array; scores: Scores },
  expected: Float64Array,
): PersonalChoice {
  const { arms } = scores;
  const usual = bestForAll(train, scores);
  const gains = Array.from(train, (row) => {
    const best = bestArm(expected, arms, row);
    const score = (arm: number) => (arm === 0 ? 0 : scoredEffect(scores, row, arm));
    const beyond = (expected[row * arms + best] as number) - (expected[row * arms + usual] as number);
    return { beyond, score: score(best) - score(usual) };
  })
    .filter(({ beyond }) => beyond > 0)
    .sort((a, b) => b.beyond - a.beyond);
  let best: PersonalChoice = { usual, margin: null, gained: 0 };
  for (const share of SHARES) {
    const count = Math.min(gains.length, Math.round(share * train.length));
    const gained = gains.slice(0, count).reduce((sum, { score }) => sum + score, 0) / train.length;
    if (count > 0 && gained > best.gained)
      best = { usual, margin: count === gains.length ? 0 : (gains[count]?.beyond ?? 0), gained };
    if (count === gains.length) break;
  }
  return best;
}

/** Arm of each row: the usual one, unless another is expected to bring more by the margin. */
export function personalArms(
  expected: Float64Array,
  arms: number,
  { usual, margin }: PersonalChoice,
): Int32Array {
  return Int32Array.from({ length: expected.length / arms }, (_, row) => {
    if (margin === null) return usual;
    const best = bestArm(expected, arms, row);
    const beyond = (expected[row * arms + best] as number) - (expected[row * arms + usual] as number);
    return beyond > margin ? best : usual;
  });
}

function bestArm(expected: Float64Array, arms: number, row: number): number {
  let best = 0;
  for (let arm = 1; arm < arms; arm += 1)
    if ((expected[row * arms + arm] as number) > (expected[row * arms + best] as number)) best = arm;
  return best;
}

function bestForAll(train: Int32Array, scores: Scores): number {
  const sums = new Float64Array(scores.arms);
  for (const row of train)
    for (let arm = 1; arm < scores.arms; arm += 1)
      sums[arm] = (sums[arm] as number) + scoredEffect(scores, row, arm);
  return sums.indexOf(Math.max(...sums));
}
