import { type Candidate, effectOf } from './candidates.js';
import type { Chosen } from './choose.js';
import { type DesignColumn, designOf } from './design.js';
import type { RandomisedRows } from './randomised-rows.js';

/** What an arm is expected to change, on any row: everything that is needed to say so, as plain data. */
export interface UpliftModel {
  /** The control first. */
  arms: readonly string[];
  designs: readonly (readonly DesignColumn[])[];
  candidates: readonly Candidate[];
  chosen: Chosen;
}

/** Rows × arms; 0 for the control. */
export interface Effects {
  /** Expected outcome under the arm less that under the control: to choose between arms, and whether to act at all. */
  expected: Float64Array;
  /** By which rows are ranked for one arm: in the outcome's unit as well, but drawn less towards the mean. */
  ranking: Float64Array;
}

export function effectsOf(model: UpliftModel, data: RandomisedRows): Effects {
  const arms = model.arms.length;
  const designs = model.designs.map((columns) => designOf(data, columns));
  const expected = new Float64Array(data.rows * arms);
  const ranking = new Float64Array(data.rows * arms);
  const { weights, ranking: ranked } = model.chosen;
  for (const candidate of model.candidates) {
    const weight = weights[candidate.name] ?? 0;
    for (let arm = 1; arm < arms; arm += 1) {
      const share = ranked[arm - 1]?.[candidate.name] ?? 0;
      if (weight === 0 && share === 0) continue;
      for (let row = 0; row < data.rows; row += 1) {
        const effect = effectOf(candidate, designs, row, arm);
        const at = row * arms + arm;
        expected[at] = (expected[at] as number) + weight * effect;
        ranking[at] = (ranking[at] as number) + share * effect;
      }
    }
  }
  return { expected, ranking };
}
