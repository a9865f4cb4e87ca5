import { TINY } from '../evaluation/metrics.js';

/**
 * Beta calibration (Kull, Silva Filho & Flach, 2017): p' = σ(a ln p − b ln(1 − p) + c). With a and b above zero it keeps
 * the order of the candidates and makes no ties; a = b = 1, c = 0 changes nothing.
 */
export interface Calibrator {
  a: number;
  b: number;
  c: number;
}

export const UNCALIBRATED: Calibrator = { a: 1, b: 1, c: 0 };

/** Probability of a logit after calibration. */
export function calibrated({ a, b, c }: Calibrator, logit: number): number {
  const lnP = -softplus(-logit);
  const lnQ = lnP - logit;
  return sigmoid(a * lnP - b * lnQ + c);
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** ln(1 + eˣ) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Pseudo-rows that hold the parameters at "no change". */
const STRENGTH = 25;
const STEPS = 50;
/** a and b are held above this, so that the order of candidates is kept. */
const LEAST_SLOPE = 0.05;

/**
 * Fits a, b, c by penalised maximum likelihood (Newton steps, halved while they do not help). Labels are 0 or 1. With
 * few rows the result stays near "no change".
 */
export function fitCalibrator(logits: ArrayLike<number>, labels: ArrayLike<number>): Calibrator {
  const rows = logits.length;
  const lnP = new Float64Array(rows);
  const lnQ = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    lnP[row] = Math.max(Math.log(TINY), -softplus(-(logits[row] ?? 0)));
    lnQ[row] = Math.max(Math.log(TINY), -softplus(logits[row] ?? 0));
  }
  let parameters: [number, number, number] = [1, 1, 0];
  let loss = penalisedLoss(parameters, lnP, lnQ, labels);
  for (let step = 0; step < STEPS; step += 1) {
    const direction = newtonDirection(parameters, lnP, lnQ, labels);
    const next = lineSearch(parameters, direction, loss, (at) => penalisedLoss(at, lnP, lnQ, labels));
    if (!next) break;
    const gained = loss - next.loss;
    parameters = next.at;
    loss = next.loss;
    if (gained < 1e-9 * rows) break;
  }
  return { a: parameters[0], b: parameters[1], c: parameters[2] };
}

type Triple = [number, number, number];

function lineSearch(from: Triple, direction: Triple, loss: number, lossAt: (at: Triple) => number) {
  for (let size = 1; size > 1e-4; size /= 2) {
    const at: Triple = [
      Math.max(LEAST_SLOPE, from[0] + size * direction[0]),
      Math.max(LEAST_SLOPE, from[1] + size * direction[1]),
      from[2] + size * direction[2],
    ];
    const there = lossAt(at);
    if (there < loss) return { at, loss: there };
  }
  return undefined;
}

function penalisedLoss(
  [a, b, c]: Triple,
  lnP: Float64Array,
  lnQ: Float64Array,
  labels: ArrayLike<number>,
): number {
  let loss = (STRENGTH / 2) * ((a - 1) ** 2 + (b - 1) ** 2 + c ** 2);
  for (let row = 0; row < lnP.length; row += 1) {
    const logit = a * (lnP[row] ?? 0) - b * (lnQ[row] ?? 0) + c;
    loss += softplus(logit) - logit * (labels[row] ?? 0);
  }
  return loss;
}

function newtonDirection(
  [a, b, c]: Triple,
  lnP: Float64Array,
  lnQ: Float64Array,
  labels: ArrayLike<number>,
): Triple {
  const gradient: Triple = [STRENGTH * (a - 1), STRENGTH * (b - 1), STRENGTH * c];
  let [aa, ab, ac, bb, bc, cc] = [STRENGTH, 0, 0, STRENGTH, 0, STRENGTH];
  for (let row = 0; row < lnP.length; row += 1) {
    const x = lnP[row] ?? 0;
    const y = -(lnQ[row] ?? 0);
    const p = sigmoid(a * x + b * y + c);
    const error = p - (labels[row] ?? 0);
    const weight = p * (1 - p);
    gradient[0] += error * x;
    gradient[1] += error * y;
    gradient[2] += error;
    aa += weight * x * x;
    ab += weight * x * y;
    ac += weight * x;
    bb += weight * y * y;
    bc += weight * y;
    cc += weight;
  }
  return solve3([aa, ab, ac, bb, bc, cc], gradient);
}

/** −H⁻¹ g for a symmetric positive definite H = [aa ab ac; ab bb bc; ac bc cc]. */
function solve3(h: readonly [number, number, number, number, number, number], g: Triple): Triple {
  const [aa, ab, ac, bb, bc, cc] = h;
  const i11 = bb * cc - bc * bc;
  const i12 = ac * bc - ab * cc;
  const i13 = ab * bc - ac * bb;
  const determinant = aa * i11 + ab * i12 + ac * i13;
  const i22 = aa * cc - ac * ac;
  const i23 = ab * ac - aa * bc;
  const i33 = aa * bb - ab * ab;
  return [
    -(i11 * g[0] + i12 * g[1] + i13 * g[2]) / determinant,
    -(i12 * g[0] + i22 * g[1] + i23 * g[2]) / determinant,
    -(i13 * g[0] + i23 * g[1] + i33 * g[2]) / determinant,
  ];
}
