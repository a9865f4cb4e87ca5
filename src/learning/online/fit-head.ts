import type { HeadLayout } from './head-layout.js';
import { HeadMatrix } from './head-matrix.js';
import type { HeadRows } from './head-rows.js';

/** Weights and how uncertain each is by itself: a normal belief with a diagonal covariance. */
export interface HeadBelief {
  mean: Float64Array;
  /** Variances. */
  spread: Float64Array;
}

const EDGE = 1e-12;

/** The belief before anything is known, for the blocks that the layout has; what was believed of earlier ones stays. */
export function grown(belief: HeadBelief | null, layout: HeadLayout): HeadBelief {
  const { size } = layout;
  if (belief?.mean.length === size) return belief;
  const mean = new Float64Array(size);
  const spread = Float64Array.from({ length: size }, (_, place) => layout.deviation(place) ** 2);
  if (belief) {
    mean.set(belief.mean);
    spread.set(belief.spread);
  }
  return { mean, spread };
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Conjugate gradients end when the residual has fallen by this, or after so many directions. */
const TOLERANCE = 1e-4;

/** At most: Newton steps, and directions of the conjugate gradients in each. */
export interface FitEffort {
  steps: number;
  directions: number;
}

/**
 * Moves the belief to the mode of the posterior of w, in place: logistic regression with the model's logit as offset and
 * independent normal priors,
 *   max Σ weight · log p(label | logit + wᵀx) − ½ Σ (w / deviation)²,
 * by Newton's method; each step is solved by conjugate gradients, preconditioned by the diagonal of the Hessian, which
 * also gives the variances. A generator: it pauses every few thousand rows, so that other work has its turn; the rows stay
 * as they are meanwhile.
 */
export function* fitHead(
  belief: HeadBelief,
  rows: HeadRows,
  layout: HeadLayout,
  { steps, directions }: FitEffort,
): Generator<void, void> {
  const precision = Float64Array.from(belief.mean, (_, place) => layout.deviation(place) ** -2);
  const data: Data = { rows, matrix: new HeadMatrix(rows), precision };
  for (let step = 0; step < steps; step += 1) {
    const found = yield* expansion(belief.mean, data);
    const move = yield* solved(data, found, directions);
    const moved = yield* uphill(belief.mean, move, data, found.logPosterior);
    for (let place = 0; place < move.length; place += 1)
      belief.spread[place] = 1 / (found.diagonal[place] as number);
    if (!moved) return;
    belief.mean.set(moved.mean);
    if (moved.gain < ENOUGH) return;
  }
}

/** Halvings of a step that went too far. */
const MOST_HALVINGS = 6;
/** A step that gains less than so many nats of the log-posterior is the last. */
const ENOUGH = 0.1;

interface Data {
  rows: HeadRows;
  matrix: HeadMatrix;
  /** Of the prior. */
  precision: Float64Array;
}

/** As much of the step as makes the posterior larger; null where none does: the mode is reached. */
function* uphill(
  mean: Float64Array,
  move: Float64Array,
  data: Data,
  before: number,
): Generator<void, { mean: Float64Array; gain: number } | null> {
  for (let halving = 0, part = 1; halving <= MOST_HALVINGS; halving += 1, part /= 2) {
    const moved = mean.map((weight, place) => weight + part * (move[place] as number));
    const gain = logPosterior(moved, yield* logitsOf(moved, data), data) - before;
    if (gain >= 0) return { mean: moved, gain };
  }
  return null;
}

/** Of the rows that weigh anything. */
function* logitsOf(mean: Float64Array, { rows, matrix }: Data): Generator<void, Float64Array> {
  const logits = new Float64Array(rows.count);
  yield* matrix.times(mean, logits);
  for (let index = 0; index < logits.length; index += 1)
    logits[index] = (logits[index] as number) + (rows.logit[index] as number);
  return logits;
}

function logPosterior(mean: Float64Array, logits: Float64Array, { rows, precision }: Data): number {
  let sum = 0;
  for (let index = 0; index < logits.length; index += 1) {
    const weight = rows.weight[index] as number;
    if (weight <= 0) continue;
    // ln σ(±logit), without overflow
    const own = rows.label[index] === 1 ? (logits[index] as number) : -(logits[index] as number);
    sum += weight * (own > 0 ? -Math.log1p(Math.exp(-own)) : own - Math.log1p(Math.exp(own)));
  }
  for (let place = 0; place < mean.length; place += 1)
    sum -= ((precision[place] as number) * (mean[place] as number) ** 2) / 2;
  return sum;
}

interface Expansion {
  logPosterior: number;
  gradient: Float64Array;
  /** Of the negative Hessian, with the prior. */
  diagonal: Float64Array;
  /** Of each row: weight · p (1 − p). */
  curvature: Float64Array;
}

function* expansion(mean: Float64Array, data: Data): Generator<void, Expansion> {
  const { rows, matrix, precision } = data;
  const logits = yield* logitsOf(mean, data);
  const pull = new Float64Array(rows.count);
  const curvature = new Float64Array(rows.count);
  for (let index = 0; index < rows.count; index += 1) {
    const weight = rows.weight[index] as number;
    if (weight <= 0) continue;
    const chance = sigmoid(logits[index] as number);
    pull[index] = weight * ((rows.label[index] as number) - chance);
    curvature[index] = weight * chance * (1 - chance);
  }
  const gradient = Float64Array.from(mean, (weight, place) => -(precision[place] as number) * weight);
  const diagonal = Float64Array.from(precision);
  yield* matrix.addTransposed(pull, gradient);
  yield* matrix.addTransposed(curvature, diagonal, true);
  return { logPosterior: logPosterior(mean, logits, data), gradient, diagonal, curvature };
}

/** H⁻¹ gradient, nearly. */
function* solved(
  data: Data,
  { gradient, diagonal, curvature }: Expansion,
  directions: number,
): Generator<void, Float64Array> {
  const solution = new Float64Array(gradient.length);
  const residual = Float64Array.from(gradient);
  const scaled = residual.map((value, place) => value / (diagonal[place] as number));
  const direction = Float64Array.from(scaled);
  let size = dot(residual, scaled);
  const enough = size * TOLERANCE + EDGE;
  for (let turn = 0; turn < directions && size > enough; turn += 1) {
    const image = yield* imageOf(direction, curvature, data);
    const length = size / dot(direction, image);
    let next = 0;
    for (let place = 0; place < solution.length; place += 1) {
      solution[place] = (solution[place] as number) + length * (direction[place] as number);
      residual[place] = (residual[place] as number) - length * (image[place] as number);
      scaled[place] = (residual[place] as number) / (diagonal[place] as number);
      next += (residual[place] as number) * (scaled[place] as number);
    }
    for (let place = 0; place < direction.length; place += 1)
      direction[place] = (scaled[place] as number) + (next / size) * (direction[place] as number);
    size = next;
  }
  return solution;
}

/** The negative Hessian times a vector: Xᵀ (curvature ∘ X v) + precision ∘ v. */
function* imageOf(
  vector: Float64Array,
  curvature: Float64Array,
  { matrix, precision }: Data,
): Generator<void, Float64Array> {
  const image = vector.map((value, place) => value * (precision[place] as number));
  const along = new Float64Array(curvature.length);
  yield* matrix.times(vector, along);
  for (let index = 0; index < along.length; index += 1)
    along[index] = (along[index] as number) * (curvature[index] as number);
  yield* matrix.addTransposed(along, image);
  return image;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < a.length; place += 1) sum += (a[place] as number) * (b[place] as number);
  return sum;
}

/**
 * What one more outcome says, at once, in place, of what its action, product, topics, intent, channel and hour
 * do for everybody: a step of assumed density filtering on those weights alone. Of inputs that move together it takes all
 * trials to say which one it was; a step on each of them by its own width would go many times too far. `before`: what
 * was counted of the same row until now, which is taken back.
 */
export function learnOne(
  belief: HeadBelief,
  rows: HeadRows,
  index: number,
  before: { label: number; weight: number },
): void {
  const { mean, spread } = belief;
  const { account } = rows.blocksOf(index);
  const single = rows.singleOf(index);
  const weight = rows.weight[index] as number;
  const label = rows.label[index] as number;
  const chance = sigmoid((rows.logit[index] as number) + rows.dot(mean, index));
  const pull = weight * (label - chance) - before.weight * (before.label - chance);
  const curvature = chance * (1 - chance);
  let variance = 0;
  for (const starts of [single, account]) for (const start of starts) variance += spread[start] as number;
  const factor = pull / (1 + weight * curvature * variance);
  const gained = Math.max(0, weight - before.weight) * curvature;
  for (const starts of [single, account])
    for (const start of starts) {
      const own = spread[start] as number;
      mean[start] = (mean[start] as number) + own * factor;
      spread[start] = own / (1 + gained * own);
    }
}
