/** Rows of an experiment beside what a policy would have done with them. */
export interface PolicyRows {
  rows: Int32Array;
  arm: Int32Array;
  outcome: Float64Array;
  /** Chance of the arm that the row got, by row of the table. */
  chance: Float64Array;
  /** Arm that the policy chooses, by row of the table. */
  chosen: Int32Array;
}

/**
 * Mean outcome under a policy, from the rows that got what it would have chosen (self-normalised inverse probability,
 * Swaminathan & Joachims, 2015): Σ w y / Σ w, w = 1{arm = chosen} / P(arm). Null where no row did. `weights` is indexed
 * by row of the table.
 */
export function matchedValue(
  { rows, arm, outcome, chance, chosen }: PolicyRows,
  weights?: ArrayLike<number>,
): number | null {
  let total = 0;
  let sum = 0;
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] as number;
    if (arm[row] !== chosen[row]) continue;
    const weight = (weights ? (weights[row] as number) : 1) / (chance[row] as number);
    total += weight;
    sum += weight * (outcome[row] as number);
  }
  return total === 0 ? null : sum / total;
}
