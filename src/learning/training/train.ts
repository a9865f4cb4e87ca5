import { canonicalJson } from '../../shared/index.js';
import { judge, logLoss, type Metrics } from '../evaluation/metrics.js';
import { allRows, type Dataset } from '../dataset/dataset.js';
import type { Artefact } from './artefact.js';
import { Batches } from './batches.js';
import { calibrated, fitCalibrator, UNCALIBRATED, type Calibrator } from './calibration.js';
import { type Drift, driftOf } from './drift.js';
import { type Encoder, fitEncoder, widthsOf } from './encoder.js';
import {
  baseRates,
  fit,
  type Fitted,
  logitsOf,
  type EpochReport,
  type FitSettings,
  type NetworkFactory,
} from './fit.js';
import { byActionPredictions, observedRows, pairedDifference, withHeads } from './judging.js';
import { joinMembers } from './members.js';
import { calibrationParts, slicesOf, type Slices } from './slices.js';
import type { TrainingSettings } from './settings.js';
import { type Architecture, shapesOf, type Weights } from './weights.js';

export interface TrainingProgress extends EpochReport {
  phase: 'compete' | 'refit';
  competitor: string;
}

export interface Competed {
  epochs: number;
  /** Mean log-loss over the heads on the judge slice, calibrated on the rows that it stopped by. */
  logLoss: number;
  /** On the judge slice, calibrated as it would serve. */
  metrics: Metrics[];
  /** Log-loss of each judged label, by head, calibrated on the rows that it stopped by: for paired comparison. */
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
 * rows: several members with seeds of their own, which serve as one. Throws when no outcome has enough positives and
 * negatives.
 */
export async function train(
  given: Dataset,
  settings: TrainingSettings,
  network: NetworkFactory,
  onProgress: (progress: TrainingProgress) => void = () => {},
): Promise<Trained> {
  const { dataset, leftOut } = withHeads(given, settings.leastOfEach);
  const slices = slicesOf(dataset, allRows(dataset), settings.seed);
  const omitted = omissions(dataset, slices, settings);
  const competed: Record<string, Competed> = {};
  let winner = '';
  let because = '';
  for (const [name, omit] of omitted) {
    const competitor = settings.competitors[name] as FitSettings;
    if (competitor.onlyAfter !== undefined && competitor.onlyAfter !== winner) continue;
    const report = (epoch: EpochReport) => onProgress({ phase: 'compete', competitor: name, ...epoch });
    const wanted = { dataset, rows: slices.fit, stop: slices.stop, settings: competitor, omit, members: 1 };
    const result = await compete(wanted, slices, settings, network, report);
    competed[name] = result;
    const held = competed[winner];
    const { wins, told } = held
      ? comparison({ name, result }, { name: winner, result: held }, dataset, slices, marginOf(competitor))
      : { wins: true, told: 'it was the only competitor' };
    because = told;
    if (wins) winner = name;
  }
  const chosen = settings.competitors[winner];
  const result = competed[winner];
  if (!chosen || !result) throw new Error('There must be a competitor');
  const last = await fitCalibrated(
    {
      dataset,
      rows: allRows(dataset),
      stop: null,
      settings: { ...chosen, epochs: Math.max(1, result.epochs) },
      omit: omitted.get(winner) ?? NOTHING,
      members: chosen.architecture.tower === 0 ? 1 : settings.members,
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
    architecture: last.architecture,
    calibrators: last.calibrators,
    weights: last.weights,
  };
  return { artefact, winner, because, competed, references: references(dataset, slices), slices, leftOut };
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * The competitors that take part, each with the inputs that it does not read because they drift. One that would read
 * what another of its architecture reads already is left out.
 */
function omissions(
  dataset: Dataset,
  { fit: earlier, stop, judge: later, by }: Slices,
  { competitors }: TrainingSettings,
): Map<string, ReadonlySet<string>> {
  const none = new Map<string, Drift>();
  const drift = by === 'time' ? driftOf(dataset, earlier, Int32Array.from([...stop, ...later])) : none;
  const seen = new Set<string>();
  const taking = new Map<string, ReadonlySet<string>>();
  for (const [name, { drift: limit, ...others }] of Object.entries(competitors)) {
    const omit = [...drift].flatMap(([input, found]) => (beyond(found, limit) ? [input] : []));
    const same = canonicalJson({ ...others, omit });
    if (seen.has(same)) continue;
    seen.add(same);
    taking.set(name, new Set(omit));
  }
  return taking;
}

const beyond = (found: Drift, limit: Drift | null): boolean =>
  limit !== null && (found.moved > limit.moved || found.outside > limit.outside);

interface CalibratedFit {
  encoder: Encoder;
  architecture: Architecture;
  weights: Weights;
  /** Of the longest member. */
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
  /** Inputs that are not read. */
  omit: ReadonlySet<string>;
  /** Networks that are averaged. */
  members: number;
}

/** Fits on most accounts of the rows and calibrates on the others, which the weights have not seen. */
async function fitCalibrated(
  wanted: FitWanted,
  training: TrainingSettings,
  network: NetworkFactory,
  onEpoch: (report: EpochReport) => void,
): Promise<CalibratedFit> {
  const { dataset, rows, stop, settings, omit } = wanted;
  const { seed, rareBelow } = training;
  const parts = calibrationParts(dataset, rows, seed);
  const encoder = fitEncoder(dataset, parts.fit, { bins: settings.bins, rareBelow, omit });
  const fits: Fitted[] = [];
  for (let member = 0; member < wanted.members; member += 1) {
    const own = member === 0 ? seed : `${seed}:member ${member}`;
    const task = { dataset, encoder, rows: parts.fit, heldOut: stop, settings, seed: own, onEpoch };
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
  const math = network(architecture, shapesOf(architecture, widths, heads), heads);
  const batches = new Batches(dataset, encoder);
  const logits = (of: Int32Array) => logitsOf(batches, math, weights, of);
  const onOthers = logits(parts.calibrate);
  const calibrators = dataset.heads.map((_, head) => {
    const { values, labels } = observedRows(dataset, parts.calibrate, head, onOthers);
    return fitCalibrator(values, labels);
  });
  const epochs = Math.max(...fits.map((fitted) => fitted.epochs));
  return { encoder, architecture, weights, epochs, calibrators, logits };
}

/**
 * Judges one competitor. What it is chosen by is its log-loss after a calibration on the rows that it stopped by, which
 * are of the same time as those that judge: a base rate that moved says nothing about who knows more.
 */
async function compete(
  wanted: FitWanted,
  slices: Slices,
  training: TrainingSettings,
  network: NetworkFactory,
  onEpoch: (report: EpochReport) => void,
): Promise<Competed> {
  const { dataset } = wanted;
  const { epochs, calibrators, logits } = await fitCalibrated(wanted, training, network, onEpoch);
  const stopped = logits(slices.stop);
  const judged = logits(slices.judge);
  const heads = dataset.heads.map((_, head) => {
    const { values, labels } = observedRows(dataset, slices.judge, head, judged);
    const before = observedRows(dataset, slices.stop, head, stopped);
    const own = calibrators[head] ?? UNCALIBRATED;
    const level = fitCalibrator(before.values, before.labels);
    return {
      metrics: judge({
        predicted: Float64Array.from(values, (logit) => calibrated(own, logit)),
        happened: labels,
      }),
      losses: lossesOf(
        Float64Array.from(values, (logit) => calibrated(level, logit)),
        labels,
      ),
    };
  });
  const meanLoss = (losses: Float64Array) =>
    losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length);
  return {
    epochs,
    logLoss: heads.reduce((sum, { losses }) => sum + meanLoss(losses), 0) / Math.max(1, heads.length),
    metrics: heads.map(({ metrics }) => metrics),
    losses: heads.map(({ losses }) => losses),
  };
}

function lossesOf(predicted: Float64Array, labels: Float32Array): Float64Array {
  return predicted.map((p, row) => logLoss({ predicted: [p], happened: [labels[row] ?? 0] }) ?? 0);
}

/**
 * Standard errors by which a competitor must be better than the one before it: the plainer one wins a draw. A larger
 * network that reads what the smaller one reads already is not the bolder of the two: the lower loss wins.
 */
const CLEARLY = 1;
const AT_ALL = 0;

const marginOf = ({ onlyAfter }: FitSettings): number => (onlyAfter === undefined ? CLEARLY : AT_ALL);

interface Named {
  name: string;
  result: Competed;
}

function comparison(challenger: Named, held: Named, dataset: Dataset, { judge: rows }: Slices, by: number) {
  const losses = [held.result.losses, challenger.result.losses] as const;
  const { mean, standardError } = pairedDifference(...losses, dataset, rows);
  const wins = mean > by * standardError;
  const figures = `log-loss ${challenger.result.logLoss.toFixed(4)} against ${held.result.logLoss.toFixed(4)} of ${held.name}, difference ${mean.toFixed(4)} ± ${standardError.toFixed(4)}`;
  const told = `${challenger.name} is ${wins ? '' : by === AT_ALL ? 'not ' : 'not clearly '}better: ${figures}`;
  return { wins, told };
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
