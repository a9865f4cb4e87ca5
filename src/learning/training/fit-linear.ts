import { Batches } from './batches.js';
import { widthsOf } from './encoder.js';
import type { FittedWeights, FitTask } from './fit.js';
import { validationLoss } from './fit.js';
import { fitLogistic } from './logistic-regression.js';
import { observedRows } from './judging.js';
import { shapesOf, weightNames, type Weights } from './weights.js';

/** Numbers that the exact fit keeps in memory at once; above, the linear model is fitted by small steps. */
const MOST_NUMBERS = 150_000_000;
/** Columns above which solving for all of them at once takes too long. */
const MOST_COLUMNS = 2500;

/** Whether a linear model of this task can be fitted exactly. */
export function isSmall({ encoder, rows }: FitTask): boolean {
  const { account, candidate, crosses } = widthsOf(encoder);
  const width = account + candidate + crosses;
  return width <= MOST_COLUMNS && rows.length * width <= MOST_NUMBERS;
}

/**
 * A linear model, one head after the other, to the end of its convergence: stopping it early would leave what only
 * large weights can say (a trend that goes on) to chance.
 */
export function fitLinear(task: FitTask): FittedWeights {
  const { dataset, encoder, heldOut, onEpoch } = task;
  const widths = widthsOf(encoder);
  const heads = dataset.heads.length;
  const shapes = shapesOf(task.settings.architecture, widths, heads);
  const weights = Object.fromEntries(
    weightNames.map((name) => [name, new Float32Array(shapes[name][0] * shapes[name][1])]),
  ) as Weights;
  const encode = encoderOf(task);
  const width = widths.account + widths.candidate + widths.crosses;
  for (let head = 0; head < heads; head += 1) {
    const { rows, labels } = observedRows(dataset, task.rows, head);
    const { weights: fitted } = fitLogistic(encode(rows), labels, width);
    let place = 0;
    for (const name of ['account', 'candidate', 'crosses'] as const) {
      for (let row = 0; row < widths[name]; row += 1, place += 1)
        weights[name][row * heads + head] = fitted[place] as number;
    }
    weights.accountBias[head] = fitted[width] as number;
  }
  const validation =
    heldOut && validationLoss(dataset, heldOut, linearLogits(encode(heldOut), weights, task));
  onEpoch?.({ epoch: 1, epochs: 1, loss: validation ?? 0, validation });
  return { weights, epochs: 1, validation };
}

/** Account, candidate and cross columns of each row in one row. */
function encoderOf({ dataset, encoder }: FitTask): (rows: Int32Array) => Float32Array {
  const batches = new Batches(dataset, encoder);
  const { account, candidate, crosses } = widthsOf(encoder);
  const width = account + candidate + crosses;
  return (rows) => {
    const joined = new Float32Array(rows.length * width);
    for (let row = 0; row < rows.length; row += 1) {
      const batch = batches.encode(rows.subarray(row, row + 1));
      joined.set(batch.account, row * width);
      joined.set(batch.candidate, row * width + account);
      joined.set(batch.crosses, row * width + account + candidate);
    }
    return joined;
  };
}

function linearLogits(rows: Float32Array, weights: Weights, { dataset, encoder }: FitTask): Float32Array {
  const heads = dataset.heads.length;
  const widths = widthsOf(encoder);
  const parts = [weights.account, weights.candidate, weights.crosses] as const;
  const width = widths.account + widths.candidate + widths.crosses;
  const logits = new Float32Array((rows.length / Math.max(1, width)) * heads);
  for (let row = 0; row * width < rows.length; row += 1) {
    for (let head = 0; head < heads; head += 1) {
      let logit = weights.accountBias[head] as number;
      let place = row * width;
      for (const part of parts) {
        for (let at = head; at < part.length; at += heads, place += 1)
          logit += (rows[place] as number) * (part[at] as number);
      }
      logits[row * heads + head] = logit;
    }
  }
  return logits;
}
