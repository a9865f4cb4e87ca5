import { judge, logLoss, type Metrics } from '../evaluation/metrics.js';
import { allRows, type Dataset } from '../dataset/dataset.js';
import type { Artefact } from './artefact.js';
import { Batches } from './batches.js';
import { calibrated, fitCalibrator, UNCALIBRATED, type Calibrator } from './calibration.js';
import { type Encoder, fitEncoder, widthsOf } from './encoder.js';
import { baseRates, fit, logitsOf, type EpochReport, type FitSettings, type NetworkFactory } from './fit.js';
import { byActionPredictions, observedRows, pairedDifference, withHeads } from './judging.js';
import { calibrationParts, slicesOf, type Slices } from './slices.js';
import type { TrainingSettings } from './settings.js';
import { shapesOf, type Weights } from './weights.js';

export interface TrainingProgress extends EpochReport {
  phase: 'compete' | 'refit';
  competitor: string;
}

export interface Competed {
  epochs: number;
  /** Mean log-loss over the heads on the judge slice, calibrated. */
  logLoss: number;
  metrics: Metrics[];
  /** Calibrated log-loss of each judged label, by head: for paired comparison. */
  losses: Float64Array[];
}

export interface Trained {
  artefact: Artefact;
  winner: string;
  because: string;
  competed: Record<string, Competed>;
  references: Record<string, Metrics[]>;
  slices: Slices;
  leftOut: string[];
}

/**
 * Trains the competitors on the earlier rows, lets the best on the held-out slice win, and fits the winner again on all
 * rows. Throws when no outcome has enough positives and negatives.
 */
export async function train(
  given: Dataset,
  settings: TrainingSettings,
  network: NetworkFactory,
  onProgress: (progress: TrainingProgress) => void = () => {},
): Promise<Trained> {
  const { dataset, leftOut } = withHeads(given, settings.leastOfEach);
  const slices = slicesOf(dataset, allRows(dataset), settings.seed);
  const competed: Record<string, Competed> = {};
  for (const [name, competitor] of Object.entries(settings.competitors)) {
    const report = (epoch: EpochReport) => onProgress({ phase: 'compete', competitor: name, ...epoch });
    competed[name] = await compete(dataset, slices, competitor, settings, network, report);
  }
  const { winner, because } = choose(competed, dataset, slices);
  const chosen = settings.competitors[winner];
  const result = competed[winner];
  if (!chosen || !result) throw new Error('There must be a competitor');
  const last = await fitCalibrated(
    {
      dataset,
      rows: allRows(dataset),
      stop: null,
      settings: { ...chosen, epochs: Math.max(1, result.epochs) },
    },
    settings,
    network,
    (epoch) => onProgress({ phase: 'refit', competitor: winner, ...epoch }),
  );
  const artefact: Artefact = {
    format: 1,
    name: settings.name,
    schema: dataset.schema,
    heads: dataset.heads,
    baseRates: baseRates(dataset),
    encoder: last.encoder,
    architecture: chosen.architecture,
    calibrators: last.calibrators,
    weights: last.weights,
  };
  return { artefact, winner, because, competed, references: references(dataset, slices), slices, leftOut };
}

interface CalibratedFit {
  encoder: Encoder;
  weights: Weights;
  epochs: number;
  /** One a head. */
  calibrators: Calibrator[];
  /** Logits of any rows, rows × heads. */
  logits(rows: Int32Array): Float32Array;
}

interface FitWanted {
  dataset: Dataset;
  rows: Int32Array;
  /** Rows to stop by; null: all epochs are run. */
  stop: Int32Array | null;
  settings: FitSettings;
}

/** Fits on most accounts of the rows and calibrates on the others, which the weights have not seen. */
async function fitCalibrated(
  { dataset, rows, stop, settings }: FitWanted,
  { seed, rareBelow }: TrainingSettings,
  network: NetworkFactory,
  onEpoch: (report: EpochReport) => void,
): Promise<CalibratedFit> {
  const parts = calibrationParts(dataset, rows, seed);
  const { bins, architecture } = settings;
  const encoder = fitEncoder(dataset, parts.fit, { bins, rareBelow });
  const task = { dataset, encoder, rows: parts.fit, heldOut: stop, settings, seed, onEpoch };
  const { weights, epochs } = await fit(task, network);
  const heads = dataset.heads.length;
  const math = network(architecture, shapesOf(architecture, widthsOf(encoder), heads), heads);
  const batches = new Batches(dataset, encoder);
  const logits = (of: Int32Array) => logitsOf(batches, math, weights, of);
  const onOthers = logits(parts.calibrate);
  const calibrators = dataset.heads.map((_, head) => {
    const { values, labels } = observedRows(dataset, parts.calibrate, head, onOthers);
    return fitCalibrator(values, labels);
  });
  return { encoder, weights, epochs, calibrators, logits };
}

async function compete(
  dataset: Dataset,
  slices: Slices,
  settings: FitSettings,
  training: TrainingSettings,
  network: NetworkFactory,
  onEpoch: (report: EpochReport) => void,
): Promise<Competed> {
  const wanted = { dataset, rows: slices.fit, stop: slices.stop, settings };
  const { epochs, calibrators, logits } = await fitCalibrated(wanted, training, network, onEpoch);
  const judged = logits(slices.judge);
  const heads = dataset.heads.map((_, head) => {
    const { values, labels } = observedRows(dataset, slices.judge, head, judged);
    const calibrator = calibrators[head] ?? UNCALIBRATED;
    const predicted = Float64Array.from(values, (logit) => calibrated(calibrator, logit));
    return { metrics: judge({ predicted, happened: labels }), losses: lossesOf(predicted, labels) };
  });
  const losses = heads.map(({ metrics }) => metrics.logLoss ?? 0);
  return {
    epochs,
    logLoss: losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length),
    metrics: heads.map(({ metrics }) => metrics),
    losses: heads.map((head) => head.losses),
  };
}

function lossesOf(predicted: Float64Array, labels: Float32Array): Float64Array {
  return predicted.map((p, row) => logLoss({ predicted: [p], happened: [labels[row] ?? 0] }) ?? 0);
}

/** Standard errors by which a competitor must be better than the one before it: the plainer one wins a draw. */
const CLEARLY = 1;

function choose(competed: Record<string, Competed>, dataset: Dataset, slices: Slices) {
  const names = Object.keys(competed);
  let winner = names[0] ?? '';
  let because = 'it was the only competitor';
  for (const name of names.slice(1)) {
    const [held, challenger] = [competed[winner], competed[name]];
    if (!held || !challenger) continue;
    const { mean, standardError } = pairedDifference(held.losses, challenger.losses, dataset, slices.judge);
    const wins = mean > CLEARLY * standardError;
    const figures = `log-loss ${challenger.logLoss.toFixed(4)} against ${held.logLoss.toFixed(4)} of ${winner}, difference ${mean.toFixed(4)} ± ${standardError.toFixed(4)}`;
    because = wins ? `${name} is better: ${figures}` : `${name} is not clearly better: ${figures}`;
    if (wins) winner = name;
  }
  return { winner, because };
}

function references(dataset: Dataset, slices: Slices): Record<string, Metrics[]> {
  const rates = baseRates(dataset, slices.fit);
  return {
    'base-rate': dataset.heads.map((_, head) => {
      const { labels } = observedRows(dataset, slices.judge, head);
      return judge({ predicted: new Float64Array(labels.length).fill(rates[head] ?? 0), happened: labels });
    }),
    'by-action': dataset.heads.map((_, head) =>
      judge(byActionPredictions(dataset, slices.fit, slices.judge, head, rates[head] ?? 0)),
    ),
  };
}
