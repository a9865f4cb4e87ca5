import { type ArmRows, fitArmResponse, type Link, type Penalties, respond } from './arm-response.js';
import type { Design } from './design.js';
import type { RandomisedRows } from './randomised-rows.js';

/** Rows × arms: an estimate of each row's outcome under each arm that is right on average. */
export interface Scores {
  arms: number;
  /** Indexed by row of the table; NaN where a row was not among the training rows. */
  values: Float64Array;
}

export interface Nuisance {
  design: Design;
  link: Link;
  penalties: Penalties;
  folds: readonly Int32Array[];
  /** Chance of each arm, by row of the table: rows × arms. */
  chances: Float64Array;
}

/**
 * Doubly robust scores (Robins, Rotnitzky & Zhao, 1994; as pseudo-outcomes: Kennedy, 2020),
 *   φ_a = μ_a(x) + 1{A = a} (y − μ_a(x)) / P(A = a | x),
 * with the outcome regression μ of each row fitted on the other folds.
 */
export function doublyRobustScores(data: RandomisedRows, nuisance: Nuisance): Scores {
  const arms = data.arms.length;
  const values = new Float64Array(data.rows * arms).fill(NaN);
  const expected = new Float64Array(arms);
  for (const fold of nuisance.folds) {
    const rows = armRows(data, nuisance.design, others(nuisance.folds, fold));
    const response = fitArmResponse(rows, nuisance.link, nuisance.penalties);
    for (const row of fold) {
      respond(response, nuisance.design, row, expected);
      values.set(expected, row * arms);
      const at = row * arms + (data.arm[row] as number);
      const residual = (data.outcome[row] as number) - (values[at] as number);
      values[at] = (values[at] as number) + residual / (nuisance.chances[at] as number);
    }
  }
  return { arms, values };
}

/** Score of an arm less that of the control. */
export function scoredEffect({ arms, values }: Scores, row: number, arm: number): number {
  return (values[row * arms + arm] as number) - (values[row * arms] as number);
}

export function armRows(data: RandomisedRows, design: Design, train: Int32Array): ArmRows {
  return { design, arm: data.arm, outcome: data.outcome, arms: data.arms.length, train };
}

export function others(folds: readonly Int32Array[], without: Int32Array): Int32Array {
  return Int32Array.from(folds.flatMap((fold) => (fold === without ? [] : [...fold])));
}

/** Folds by place among the rows, so that every fold is drawn from the whole of their order. */
export function foldsOf(rows: Int32Array, count: number): Int32Array[] {
  return Array.from({ length: count }, (_, fold) => rows.filter((_row, place) => place % count === fold));
}
