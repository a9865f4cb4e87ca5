import type { Dataset } from '../dataset/dataset.js';
import { Batches } from './batches.js';
import { type Calibrator, fitCalibrator } from './calibration.js';
import { type Encoder, fitEncoder, widthsOf } from './encoder.js';
import {
  type EpochReport,
  fit,
  type FitSettings,
  type Fitted,
  logitsOf,
  type NetworkFactory,
} from './fit.js';
import { addForests } from './fit-forest.js';
import { type Forest, joinForests } from './forest.js';
import { observedRows } from './judging.js';
import { joinMembers } from './members.js';
import { calibrationFolds, calibrationParts } from './slices.js';
import type { TrainingSettings } from './settings.js';
import { type Architecture, shapesOf, type Weights } from './weights.js';

export interface CalibratedFit {
  encoder: Encoder;
  architecture: Architecture;
  weights: Weights;
  /** One a head, or none. */
  forests: Forest[];
  /** Of the longest member. */
  epochs: number;
  /** One a head. */
  calibrators: Calibrator[];
  /** Logits of any rows, rows × heads. */
  logits(rows: Int32Array): Float32Array;
}

export interface FitWanted {
  dataset: Dataset;
  rows: Int32Array;
  /** Rows to stop by; null: all epochs are run. */
  stop: Int32Array | null;
  settings: FitSettings;
  /** Inputs that are not read. */
  omit: ReadonlySet<string>;
  /** Trees of each head where no rows stop the fit. */
  trees: readonly number[] | null;
  /** Fits that are averaged. */
  members: number;
}

/** Fits on most accounts of the rows and calibrates on the others, which the weights have not seen. */
export async function fitCalibrated(
  wanted: FitWanted,
  training: TrainingSettings,
  network: NetworkFactory,
  onEpoch: (report: EpochReport) => void,
): Promise<CalibratedFit> {
  const parts = calibrationParts(wanted.dataset, wanted.rows, training.seed);
  const fitted = await fitMembers({ ...wanted, rows: parts.fit }, training, network, onEpoch);
  const others = fitted.logits(parts.calibrate);
  return { ...fitted, calibrators: calibratorsOf(wanted.dataset, parts.calibrate, others) };
}

/**
 * Fits on all rows, and calibrates on what fits without them say of each part of the accounts in turn. With few rows the
 * share that is otherwise kept for calibration is too small to calibrate by, and dear to do without.
 */
export async function fitCrossCalibrated(
  wanted: FitWanted,
  training: TrainingSettings,
  network: NetworkFactory,
  onEpoch: (report: EpochReport) => void,
): Promise<CalibratedFit> {
  const { dataset, rows } = wanted;
  const heads = dataset.heads.length;
  const unseen: { rows: Int32Array; logits: Float32Array }[] = [];
  for (const part of calibrationFolds(dataset, rows, training.seed)) {
    if (part.fit.length === 0 || part.calibrate.length === 0) continue;
    const { logits } = await fitMembers({ ...wanted, rows: part.fit }, training, network, onEpoch);
    unseen.push({ rows: part.calibrate, logits: logits(part.calibrate) });
  }
  const judged = Int32Array.from(unseen.flatMap((part) => [...part.rows]));
  const values = new Float32Array(judged.length * heads);
  let place = 0;
  for (const part of unseen) {
    values.set(part.logits, place);
    place += part.logits.length;
  }
  const fitted = await fitMembers(wanted, training, network, onEpoch);
  return { ...fitted, calibrators: calibratorsOf(dataset, judged, values) };
}

async function fitMembers(
  wanted: FitWanted,
  training: TrainingSettings,
  network: NetworkFactory,
  onEpoch: (report: EpochReport) => void,
): Promise<Omit<CalibratedFit, 'calibrators'>> {
  const { dataset, rows, stop, settings, omit, trees } = wanted;
  const { seed, rareBelow } = training;
  const unread = new Set([...omit, ...withheld(dataset, settings)]);
  const encoder = fitEncoder(dataset, rows, { bins: settings.bins, rareBelow, omit: unread });
  const fits: Fitted[] = [];
  for (let member = 0; member < wanted.members; member += 1) {
    const own = member === 0 ? seed : `${seed}:member ${member}`;
    const task = { dataset, encoder, rows, heldOut: stop, settings, omit, trees, seed: own, onEpoch };
    fits.push(await fit(task, network));
  }
  const heads = dataset.heads.length;
  const widths = widthsOf(encoder);
  const { architecture, weights } = joinMembers(
    fits.map((fitted) => fitted.weights),
    settings.architecture,
    shapesOf(settings.architecture, widths, heads),
    heads,
  );
  const forests =
    fits[0]?.forests.map((_, head) => joinForests(fits.map((fitted) => fitted.forests[head] as Forest))) ??
    [];
  const math = network(architecture, shapesOf(architecture, widths, heads), heads);
  const batches = new Batches(dataset, encoder);
  const logits = (of: Int32Array) => {
    const values = logitsOf(batches, math, weights, of);
    addForests(forests, dataset, of, values);
    return values;
  };
  const epochs = Math.max(...fits.map((fitted) => fitted.epochs));
  return { encoder, architecture, weights, forests, epochs, logits };
}

/** One a head, by what was said of rows that the weights have not seen (rows × heads). */
function calibratorsOf(dataset: Dataset, rows: Int32Array, logits: Float32Array): Calibrator[] {
  return dataset.heads.map((_, head) => {
    const { values, labels } = observedRows(dataset, rows, head, logits);
    return fitCalibrator(values, labels);
  });
}

/** Inputs that the competitor's weights do not read at all. */
function withheld({ schema }: Dataset, { reads }: FitSettings): string[] {
  return [
    ...(reads.account ? [] : [...schema.numbers, ...schema.categories]),
    ...(reads.crosses ? [] : schema.crosses),
  ];
}
