import { gaussian, type Rng } from '../../shared/index.js';
import type { EncoderWidths } from './encoder.js';

/**
 * Sizes of a response model. With x the encoded account, c the encoded candidate, h the encoded crosses:
 *   account tower    e = relu(A₂ relu(A₁ x)),  candidate tower  g = relu(C₁ c)
 *   joint layer      z = relu(Jₐ e + J_c g + Jₓ h + j)
 *   logit of a head  = (wide part of x, c and h) + W z + Σ_k (U e)_k (V g)_k D_k
 * With `tower` 0 only the wide part is left: the linear model.
 */
export interface Architecture {
  tower: number;
  embedding: number;
  candidateTower: number;
  joint: number;
  /** Length of the product of the two embeddings. */
  product: number;
}

export const LINEAR: Architecture = { tower: 0, embedding: 0, candidateTower: 0, joint: 0, product: 0 };

/**
 * Matrices, row by row, [rows, columns] in `shapes`. The last `heads` columns of account, candidate and crosses are
 * the wide part.
 */
export const weightNames = [
  'account',
  'accountBias',
  'embedding',
  'embeddingBias',
  'candidate',
  'candidateBias',
  'crosses',
  'jointAccount',
  'jointCandidate',
  'jointBias',
  'heads',
  'productAccount',
  'productCandidate',
  'productHeads',
] as const;
export type WeightName = (typeof weightNames)[number];
export type Weights = Record<WeightName, Float32Array>;
export type Shapes = Record<WeightName, [rows: number, columns: number]>;

export function shapesOf(architecture: Architecture, widths: EncoderWidths, heads: number): Shapes {
  const { tower, embedding, candidateTower, joint, product } = architecture;
  return {
    account: [widths.account, tower + heads],
    accountBias: [1, tower + heads],
    embedding: [tower, embedding],
    embeddingBias: [1, embedding],
    candidate: [widths.candidate, candidateTower + heads],
    candidateBias: [1, candidateTower],
    crosses: [widths.crosses, joint + heads],
    jointAccount: [embedding, joint],
    jointCandidate: [candidateTower, joint],
    jointBias: [1, joint],
    heads: [joint, heads],
    productAccount: [embedding, product],
    productCandidate: [candidateTower, product],
    productHeads: [product, heads],
  };
}

/** Names of the weights that are not empty at these shapes. */
export function presentWeights(shapes: Shapes): WeightName[] {
  return weightNames.filter((name) => shapes[name][0] * shapes[name][1] > 0);
}

/** Biases start at zero, the wide part too (but for the base rates); the rest as He et al. (2015). */
export function initialWeights(shapes: Shapes, baseLogits: readonly number[], rng: Rng): Weights {
  const make = (name: WeightName): Float32Array => {
    const [rows, columns] = shapes[name];
    const values = new Float32Array(rows * columns);
    if (rows <= 1) return values;
    const wide = ['account', 'candidate', 'crosses'].includes(name) ? baseLogits.length : 0;
    const scale = Math.sqrt(INPUT_GAIN[name] ?? 2 / rows);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns - wide; column += 1)
        values[row * columns + column] = gaussian(rng) * scale;
    }
    return values;
  };
  const weights = Object.fromEntries(weightNames.map((name) => [name, make(name)])) as Weights;
  const bias = weights.accountBias;
  baseLogits.forEach((logit, head) => {
    bias[bias.length - baseLogits.length + head] = logit;
  });
  return weights;
}

/** Encoded inputs are mostly zeros, so their fan-in is far below their width. */
const INPUT_GAIN: Partial<Record<WeightName, number>> = {
  account: 1 / 100,
  candidate: 1 / 4,
  crosses: 1 / 40,
};

export function copyWeights(weights: Weights): Weights {
  return Object.fromEntries(weightNames.map((name) => [name, weights[name].slice()])) as Weights;
}
