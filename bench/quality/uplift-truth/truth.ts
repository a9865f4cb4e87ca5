import { rankGain } from '../../../src/learning/index.js';
import type { Experiment } from './experiment.js';

/**
 * How much of what the best order gathers an order by these effects gathers: 1 for the order of the true effects, 0
 * for any. `effects` is rows × arms.
 */
export function shareOfBestOrder(
  { data, test, chances }: Experiment,
  effects: Float64Array,
  arm: number,
): number {
  const arms = data.arms.length;
  const at = (values: Float64Array) =>
    Float64Array.from({ length: data.rows }, (_, row) => values[row * arms + arm] as number);
  const truth = at(chances).map((chance, row) => chance - (chances[row * arms] as number));
  const gathered = (order: Float64Array) => rankGain([test], order, (row) => truth[row] as number).gain;
  return gathered(at(effects)) / gathered(truth);
}

/** True mean chance of the outcome when each row gets its arm. */
export function trueValue({ data, test, chances }: Experiment, chosen: (row: number) => number): number {
  const arms = data.arms.length;
  return test.reduce((sum, row) => sum + (chances[row * arms + chosen(row)] as number), 0) / test.length;
}
