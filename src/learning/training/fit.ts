import { seededRng, type Rng } from '../../shared/index.js';
import { TINY } from '../evaluation/metrics.js';
import { allRows, type Dataset } from '../dataset/dataset.js';
import { Adam } from './adam.js';
import { Batches, trainingBatch } from './batches.js';
import type { Batch, TrainingBatch } from './batch.js';
import type { Drift } from './drift.js';
import { widthsOf, type Encoder } from './encoder.js';
import type { Forest } from './forest.js';
import { fitForests, type ForestSettings } from './fit-forest.js';
import { fitLinear, isSmall } from './fit-linear.js';
import {
  copyWeights,
  initialWeights,
  shapesOf,
  type Architecture,
  type Shapes,
  type Weights,
} from './weights.js';

/** What a network must be able to do; TensorFlow.js does it. */
export interface NetworkMath {
  logits(weights: Weights, batch: Batch): Float32Array;
  gradients(weights: Weights, batch: TrainingBatch): { loss: number; gradients: Partial<Weights> };
}
export type NetworkFactory = (architecture: Architecture, shapes: Shapes, heads: number) => NetworkMath;

export interface FitSettings {
  architecture: Architecture;
  /** What the weights read beside the candidate; trees read the account by themselves. */
  reads: { account: boolean; crosses: boolean };
  /** Boosted trees on what the account's inputs say beyond the weights; null: none. */
  forest: ForestSettings | null;
  /** Quantile bins of the encoder; 0: straight lines. */
  bins: number;
  /**
   * Inputs that drifted further than this between the earlier and the later training rows, in either way, are not read;
   * null: all are read. Rows without order in time have no drift.
   */
  drift: Drift | null;
  dropout: number;
  /**
   * Standard errors by which it must be better than the one that leads: above zero where that one is plainer, which then
   * wins a draw.
   */
  margin: number;
  /** Takes part only while this competitor holds the lead: a larger one is tried where the smaller one paid. */
  onlyAfter?: string;
  /** Share of rows whose action is not named in a step. */
  nameless: number;
  rate: number;
  decay: number;
  averaging: number;
  batch: number;
  /** At most so many passes over the rows. */
  epochs: number;
  /** Epochs without a better validation after which to stop. */
  patience: number;
}

export interface EpochReport {
  epoch: number;
  epochs: number;
  /** Mean log-loss of the epoch's steps. */
  loss: number;
  /** Mean log-loss on the held-out rows; null without any. */
  validation: number | null;
}

export interface Fitted {
  weights: Weights;
  /** Epochs that the weights had. */
  epochs: number;
  /** One a head; none where the settings ask for none. */
  forests: Forest[];
  validation: number | null;
}

export type FittedWeights = Omit<Fitted, 'forests'>;

export interface FitTask {
  dataset: Dataset;
  encoder: Encoder;
  rows: Int32Array;
  /** Rows to stop by; null: all `settings.epochs` are run. */
  heldOut: Int32Array | null;
  settings: FitSettings;
  /** Inputs that are not read. */
  omit: ReadonlySet<string>;
  /** Trees of each head that are grown without rows to stop by; null: as many as the settings say. */
  trees: readonly number[] | null;
  seed: string;
  onEpoch?: (report: EpochReport) => void;
}

/** Fits the weights, then the forests to what they leave; the same task gives the same on the same backend. */
export async function fit(task: FitTask, network: NetworkFactory): Promise<Fitted> {
  const { dataset, encoder, rows, heldOut, settings } = task;
  const exact = settings.architecture.tower === 0 && isSmall(task);
  const fitted = exact ? fitLinear(task) : await fitBySteps(task, network);
  const { forest } = settings;
  if (!forest) return { ...fitted, forests: [] };
  const shapes = shapesOf(settings.architecture, widthsOf(encoder), dataset.heads.length);
  const math = network(settings.architecture, shapes, dataset.heads.length);
  const logits = (of: Int32Array) => logitsOf(new Batches(dataset, encoder), math, fitted.weights, of);
  const before = { learned: logits(rows), heldOut: heldOut && logits(heldOut) };
  return { ...fitted, forests: fitForests({ ...task, forest }, before) };
}

async function fitBySteps(task: FitTask, network: NetworkFactory): Promise<FittedWeights> {
  const { dataset, encoder, rows, heldOut, settings } = task;
  const shapes = shapesOf(settings.architecture, widthsOf(encoder), dataset.heads.length);
  const math = network(settings.architecture, shapes, dataset.heads.length);
  const batches = new Batches(dataset, encoder);
  const rng = seededRng(task.seed);
  const weights = initialWeights(shapes, baseLogits(dataset, rows), rng);
  const adam = new Adam(weights, shapes, settings);
  let best: FittedWeights = { weights: adam.averaged, epochs: 0, validation: null };
  for (let epoch = 1; epoch <= settings.epochs; epoch += 1) {
    const loss = runEpoch(task, batches, math, weights, adam, rng);
    const validation = heldOut
      ? validationLoss(dataset, heldOut, logitsOf(batches, math, adam.averaged, heldOut))
      : null;
    task.onEpoch?.({ epoch, epochs: settings.epochs, loss, validation });
    if (validation === null) best = { weights: adam.averaged, epochs: epoch, validation };
    else if (best.validation === null || validation < best.validation)
      best = { weights: copyWeights(adam.averaged), epochs: epoch, validation };
    else if (epoch - best.epochs >= settings.patience) break;
    await new Promise<void>((resume) => setImmediate(resume));
  }
  return best;
}

function runEpoch(
  { dataset, rows, settings }: FitTask,
  batches: Batches,
  math: NetworkMath,
  weights: Weights,
  adam: Adam,
  rng: Rng,
): number {
  const order = shuffledRows(rows, rng);
  let sum = 0;
  let steps = 0;
  for (let start = 0; start < order.length; start += settings.batch) {
    const part = order.subarray(start, start + settings.batch);
    const batch = trainingBatch(batches, dataset, part, settings.architecture, settings, rng);
    const { loss, gradients } = math.gradients(weights, batch);
    adam.step(gradients);
    sum += loss;
    steps += 1;
  }
  return sum / Math.max(1, steps);
}

function shuffledRows(rows: Int32Array, rng: Rng): Int32Array {
  const order = rows.slice();
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(rng.next() * (last + 1));
    const held = order[last] as number;
    order[last] = order[other] as number;
    order[other] = held;
  }
  return order;
}

const PREDICT_ROWS = 4096;

/** Logits of rows, rows × heads. */
export function logitsOf(
  batches: Batches,
  math: NetworkMath,
  weights: Weights,
  rows: Int32Array,
): Float32Array {
  const parts: Float32Array[] = [];
  for (let start = 0; start < rows.length; start += PREDICT_ROWS) {
    parts.push(math.logits(weights, batches.encode(rows.subarray(start, start + PREDICT_ROWS))));
  }
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    joined.set(part, place);
    place += part.length;
  }
  return joined;
}

/** Mean log-loss over the observed labels of the rows. */
export function validationLoss(dataset: Dataset, rows: Int32Array, logits: Float32Array): number {
  const heads = dataset.heads.length;
  let sum = 0;
  let count = 0;
  rows.forEach((row, place) => {
    for (let head = 0; head < heads; head += 1) {
      const label = dataset.labels[row * heads + head] ?? NaN;
      if (Number.isNaN(label)) continue;
      const logit = logits[place * heads + head] ?? 0;
      sum += Math.max(logit, 0) - logit * label + Math.log1p(Math.exp(-Math.abs(logit)));
      count += 1;
    }
  });
  return count === 0 ? 0 : sum / count;
}

/** Share of positives of each head among the rows where it was observed, drawn to one half by one row. */
export function baseRates(dataset: Dataset, rows: Int32Array = allRows(dataset)): number[] {
  const heads = dataset.heads.length;
  return dataset.heads.map((_, head) => {
    let positives = 0;
    let seen = 0;
    for (const row of rows) {
      const label = dataset.labels[row * heads + head] ?? NaN;
      if (Number.isNaN(label)) continue;
      positives += label;
      seen += 1;
    }
    return (positives + 0.5) / (seen + 1);
  });
}

function baseLogits(dataset: Dataset, rows: Int32Array): number[] {
  return baseRates(dataset, rows).map((rate) => {
    const p = Math.min(1 - TINY, Math.max(TINY, rate));
    return Math.log(p / (1 - p));
  });
}
