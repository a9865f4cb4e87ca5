import { addOuter, cholesky, solve, triangleLength } from './symmetric.js';
import { normalQuantile } from '../evaluation/off-policy/intervals.js';
import type { Design } from './design.js';
import { type RandomisedRows, shareOfArms } from './randomised-rows.js';

/** How rows came to their arms. */
export interface Assignment {
  /** `randomised`: what is known of a row says nothing of its arm, so that the shares are the chances. */
  kind: 'randomised' | 'modelled';
  /** Chance of each arm: rows × arms. */
  chances: Float64Array;
  /** Of what follows from chance alone: values far above 0 speak against it (standard normal). */
  imbalance: number;
}

/** Farther from balance than chance goes once in ten thousand times: the arms were not drawn blindly. */
const BLIND = normalQuantile(1 - 1e-4);
/** No chance is taken to be smaller: a row counts for so many others at most. */
const LEAST_CHANCE = 0.02;

/**
 * Whether the arms were drawn blindly, by the regression of each arm's indicator on the design: under blind draws
 * n R² of an arm is χ² with as many degrees of freedom as there are columns. Where they were not, a row's chances come
 * from the same regressions, kept above 0.02.
 */
export function assignmentOf(data: RandomisedRows, design: Design, train: Int32Array): Assignment {
  const { width, values } = design;
  const arms = data.arms.length;
  const shares = shareOfArms(data, train);
  const moments = new Float64Array(triangleLength(width));
  const products = Array.from({ length: arms }, () => new Float64Array(width));
  for (const row of train) {
    const inputs = values.subarray(row * width, (row + 1) * width);
    addOuter(moments, inputs, 1);
    const own = products[data.arm[row] as number] as Float64Array;
    for (let column = 0; column < width; column += 1)
      own[column] = (own[column] as number) + (inputs[column] as number);
  }
  for (let column = 0; column < width; column += 1) {
    const at = triangleLength(column) + column;
    moments[at] = (moments[at] as number) + 1;
  }
  const factor = cholesky(moments, width);
  const fits = products.map((own) => solve(factor, own));
  const freedom = Math.max(1, width - 1);
  const imbalance = Math.max(
    ...fits.map((fit, arm) => {
      const share = shares[arm] as number;
      const explained = fit.reduce(
        (sum, value, column) => sum + value * ((products[arm] as Float64Array)[column] as number),
        0,
      );
      const statistic = (explained - train.length * share ** 2) / (share * (1 - share));
      return cubeRootNormal(statistic, freedom);
    }),
  );
  const kind = imbalance > BLIND ? 'modelled' : 'randomised';
  const chances = new Float64Array(data.rows * arms);
  for (let row = 0; row < data.rows; row += 1) {
    if (kind === 'randomised') chances.set(shares, row * arms);
    else chances.set(modelled(values.subarray(row * width, (row + 1) * width), fits), row * arms);
  }
  return { kind, chances, imbalance };
}

/** χ² as a standard normal (Wilson & Hilferty, 1931). */
function cubeRootNormal(statistic: number, freedom: number): number {
  const off = 2 / (9 * freedom);
  return (Math.cbrt(Math.max(0, statistic) / freedom) - (1 - off)) / Math.sqrt(off);
}

function modelled(inputs: Float64Array, fits: readonly Float64Array[]): Float64Array {
  const raw = Float64Array.from(fits, (fit) => {
    const share = fit.reduce((sum, value, column) => sum + value * (inputs[column] as number), 0);
    return Math.max(LEAST_CHANCE, share);
  });
  const total = raw.reduce((sum, share) => sum + share, 0);
  return raw.map((share) => share / total);
}
