import { calibrated, UNCALIBRATED } from './calibration.js';

/** Strength of the penalty: ½ w² for each weight but the intercept (C = 1 in other libraries). */
const PENALTY = 1;
const STEPS = 25;
const ENOUGH = 1e-8;

/** A plain logistic regression with an L2 penalty: the reference that every model must beat. */
export interface LogisticRegression {
  /** One a column, then the intercept. */
  weights: Float64Array;
  predict(row: Float32Array): number;
}

/**
 * Fits it by iteratively reweighted least squares (Newton) to rows of `width` columns. Without rows it says one half;
 * columns that say nothing get the weight 0.
 */
export function fitLogistic(
  rows: Float32Array,
  labels: ArrayLike<number>,
  width: number,
): LogisticRegression {
  const size = width + 1;
  const weights = new Float64Array(size);
  for (let step = 0; step < STEPS; step += 1) {
    const { gradient, curvature } = derivatives(rows, labels, width, weights);
    const change = solve(curvature, gradient, size);
    let furthest = 0;
    for (let place = 0; place < size; place += 1) {
      weights[place] = (weights[place] as number) - (change[place] as number);
      furthest = Math.max(furthest, Math.abs(change[place] as number));
    }
    if (furthest < ENOUGH) break;
  }
  return { weights, predict: (row) => calibrated(UNCALIBRATED, logitOf(row, 0, width, weights)) };
}

function logitOf(rows: Float32Array, from: number, width: number, weights: Float64Array): number {
  let logit = weights[width] as number;
  for (let column = 0; column < width; column += 1)
    logit += (rows[from + column] as number) * (weights[column] as number);
  return logit;
}

/** Gradient and upper triangle of the Hessian of the penalised negative log-likelihood. */
function derivatives(rows: Float32Array, labels: ArrayLike<number>, width: number, weights: Float64Array) {
  const size = width + 1;
  const gradient = Float64Array.from(weights, (weight, place) => (place < width ? PENALTY * weight : 0));
  const curvature = new Float64Array(size * size);
  for (let place = 0; place < size; place += 1)
    curvature[place * size + place] = place < width ? PENALTY : Number.EPSILON;
  const known: number[] = [];
  for (let row = 0; row < labels.length; row += 1) {
    const from = row * width;
    const p = calibrated(UNCALIBRATED, logitOf(rows, from, width, weights));
    const error = p - (labels[row] as number);
    const bend = p * (1 - p);
    known.length = 0;
    for (let column = 0; column < width; column += 1) if (rows[from + column] !== 0) known.push(column);
    known.push(width);
    for (const one of known) {
      const x = one === width ? 1 : (rows[from + one] as number);
      gradient[one] = (gradient[one] as number) + error * x;
      const scaled = bend * x;
      for (const other of known) {
        if (other < one) continue;
        const y = other === width ? 1 : (rows[from + other] as number);
        curvature[one * size + other] = (curvature[one * size + other] as number) + scaled * y;
      }
    }
  }
  return { gradient, curvature };
}

/** x with A x = b for a symmetric positive definite A given by its upper triangle, which is overwritten (Cholesky). */
function solve(a: Float64Array, b: Float64Array, size: number): Float64Array {
  for (let k = 0; k < size; k += 1) {
    const pivot = Math.sqrt(Math.max(Number.EPSILON, a[k * size + k] as number));
    a[k * size + k] = pivot;
    for (let j = k + 1; j < size; j += 1) a[k * size + j] = (a[k * size + j] as number) / pivot;
    for (let i = k + 1; i < size; i += 1) {
      const factor = a[k * size + i] as number;
      if (factor === 0) continue;
      for (let j = i; j < size; j += 1)
        a[i * size + j] = (a[i * size + j] as number) - factor * (a[k * size + j] as number);
    }
  }
  const x = Float64Array.from(b);
  for (let k = 0; k < size; k += 1) {
    x[k] = (x[k] as number) / (a[k * size + k] as number);
    for (let j = k + 1; j < size; j += 1)
      x[j] = (x[j] as number) - (a[k * size + j] as number) * (x[k] as number);
  }
  for (let k = size - 1; k >= 0; k -= 1) {
    for (let j = k + 1; j < size; j += 1)
      x[k] = (x[k] as number) - (a[k * size + j] as number) * (x[j] as number);
    x[k] = (x[k] as number) / (a[k * size + k] as number);
  }
  return x;
}
