import {
  designColumns,
  designOf,
  fitArmResponse,
  type RandomisedRows,
  respond,
  withColumn,
} from '../../../src/learning/index.js';

/** Effect of each treatment on each row: rows × arms, 0 for the control. */
export type PeerEffects = Record<'two-model logistic' | 'dependent data representation', Float64Array>;

/**
 * A logistic regression an arm (ridge penalty 1 on standardised columns), and the same with the control's prediction
 * as one more input of the treated arms (Betlei, Diemert & Amini, 2018).
 */
export function peerEffects(data: RandomisedRows, train: Int32Array): PeerEffects {
  const arms = data.arms.length;
  const design = designOf(data, designColumns(data, train, 0));
  const byArm = data.arms.map((_, arm) => train.filter((row) => data.arm[row] === arm));
  const control = predicted(data, design, byArm[0] as Int32Array);
  const dependent = withColumn(design, control);
  const found: PeerEffects = {
    'two-model logistic': new Float64Array(data.rows * arms),
    'dependent data representation': new Float64Array(data.rows * arms),
  };
  for (let arm = 1; arm < arms; arm += 1) {
    const rows = byArm[arm] as Int32Array;
    const separate = predicted(data, design, rows);
    const informed = predicted(data, dependent, rows);
    for (let row = 0; row < data.rows; row += 1) {
      const without = control[row] as number;
      found['two-model logistic'][row * arms + arm] = (separate[row] as number) - without;
      found['dependent data representation'][row * arms + arm] = (informed[row] as number) - without;
    }
  }
  return found;
}

type Design = ReturnType<typeof designOf>;

/** Chance of the outcome of every row, by a regression on some of them. */
function predicted(data: RandomisedRows, design: Design, rows: Int32Array): Float64Array {
  const common = new Float64Array(design.width).fill(1);
  common[0] = 0;
  const response = fitArmResponse(
    { design, arm: new Int32Array(data.rows), outcome: data.outcome, arms: 1, train: rows },
    'logistic',
    { common, added: common },
  );
  const into = new Float64Array(1);
  return Float64Array.from({ length: data.rows }, (_, row) => {
    respond(response, design, row, into);
    return into[0] as number;
  });
}
