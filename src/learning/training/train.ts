import { judge, logLoss, type Metrics } from '../evaluation/metrics.js';
import { allRows, type Dataset } from '../dataset/dataset.js';
import type { Artefact } from './artefact.js';
import { Batches } from './batches.js';
import { calibrated, fitCalibrator, UNCALIBRATED, type Calibrator } from './calibration.js';
import { fitEncoder, widthsOf } from './encoder.js';
import { baseRates, fit, logitsOf, type EpochReport, type FitSettings, type NetworkFactory } from './fit.js';
import { byActionPredictions, observedRows, pairedDifference, withHeads } from './judging.js';
import { slicesOf, type Slices } from './slices.js';
import type { TrainingSettings } from './settings.js';
import { shapesOf } from './weights.js';

export interface TrainingProgress extends EpochReport {
  phase: 'compete' | 'refit';
  competitor: string;
}

export interface Competed {
  epochs: number;
  /** Mean log-loss over the heads on the judge slice, calibrated. */
  logLoss: number;
  metrics: Metrics[];
  /** Final calibrators, one a head. */
  calibrators: Calibrator[];
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
  const rows = allRows(dataset);
  const encoder = fitEncoder(dataset, rows, { bins: chosen.bins, rareBelow: settings.rareBelow });
  const refit = { ...chosen, epochs: Math.max(1, result.epochs) };
  const onEpoch = (epoch: EpochReport) => onProgress({ phase: 'refit', competitor: winner, ...epoch });
  const task = { dataset, encoder, rows, heldOut: null, settings: refit, seed: settings.seed, onEpoch };
  const { weights } = await fit(task, network);
  const artefact: Artefact = {
    format: 1,
    name: settings.name,
    schema: dataset.schema,
    heads: dataset.heads,
    baseRates: baseRates(dataset),
    encoder,
    architecture: chosen.architecture,
    calibrators: result.calibrators,
    weights,
  };
  return { artefact, winner, because, competed, references: references(dataset, slices), slices, leftOut };
}

async function compete(
  dataset: Dataset,
  slices: Slices,
  settings: FitSettings,
  training: TrainingSettings,
  network: NetworkFactory,
  onEpoch: (report: EpochReport) => void,
): Promise<Competed> {
  const encoder = fitEncoder(dataset, slices.fit, { bins: settings.bins, rareBelow: training.rareBelow });
  const task = { dataset, encoder, rows: slices.fit, heldOut: slices.stop, settings, seed: training.seed, onEpoch };
  const { weights, epochs } = await fit(task, network);
  const heads = dataset.heads.length;
  const math = network(settings.architecture, shapesOf(settings.architecture, widthsOf(encoder), heads), heads);
  const batches = new Batches(dataset, encoder);
  const [stop, judged] = [slices.stop, slices.judge].map((rows) => logitsOf(batches, math, weights, rows));
  const judgedHeads = dataset.heads.map((_, head) => {
    const onStop = observedRows(dataset, slices.stop, head, stop ?? new Float32Array());
    const onJudge = observedRows(dataset, slices.judge, head, judged ?? new Float32Array());
    // Fitted on one part and judged on the other; the model keeps one fitted on both.
    const calibrator = fitCalibrator(onStop.values, onStop.labels);
    const predicted = Float64Array.from(onJudge.values, (logit) => calibrated(calibrator, logit));
    const final = fitCalibrator([...onStop.values, ...onJudge.values], [...onStop.labels, ...onJudge.labels]);
    return { final, metrics: judge({ predicted, happened: onJudge.labels }), losses: lossesOf(predicted, onJudge.labels) };
  });
  const losses = judgedHeads.map(({ metrics }) => metrics.logLoss ?? 0);
  return {
    epochs,
    logLoss: losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length),
    metrics: judgedHeads.map(({ metrics }) => metrics),
    calibrators: judgedHeads.map(({ final }) => final ?? UNCALIBRATED),
    losses: judgedHeads.map((head) => head.losses),
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
