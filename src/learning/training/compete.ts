import type { Dataset } from '../dataset/dataset.js';
import { judge, logLoss, type Metrics } from '../evaluation/metrics.js';
import { calibrated, fitCalibrator, UNCALIBRATED } from './calibration.js';
import type { EpochReport, FitSettings, NetworkFactory } from './fit.js';
import { type CalibratedFit, fitCalibrated } from './fit-calibrated.js';
import { observedRows, pairedDifference } from './judging.js';
import type { Slices } from './slices.js';
import type { TrainingSettings } from './settings.js';

export interface Competed {
  /** Mean over the slices, as are the trees of each head. */
  epochs: number;
  trees: number[];
  /** Mean log-loss over the heads on the judging rows, calibrated on the rows that it stopped by. */
  logLoss: number;
  /** On the judging rows, calibrated as it would serve. */
  metrics: Metrics[];
  /** Log-loss of each judged label, by head, calibrated on the rows that it stopped by: for paired comparison. */
  losses: Float64Array[];
}

export interface Competitor {
  settings: FitSettings;
  /** Inputs that it does not read because they drift. */
  omit: ReadonlySet<string>;
}

/**
 * Judges one competitor on each slice. What it is chosen by is its log-loss after a calibration on the rows that it
 * stopped by, which are of the same time as those that judge: a base rate that moved says nothing about who knows more.
 */
export async function compete(
  dataset: Dataset,
  competitor: Competitor,
  slices: readonly Slices[],
  training: TrainingSettings,
  network: NetworkFactory,
  onEpoch: (report: EpochReport) => void,
): Promise<Competed> {
  const fits: CalibratedFit[] = [];
  const judgements: HeadJudgement[][] = [];
  for (const slice of slices) {
    const wanted = { dataset, rows: slice.fit, stop: slice.stop, trees: null, members: 1, ...competitor };
    const fitted = await fitCalibrated(wanted, training, network, onEpoch);
    fits.push(fitted);
    judgements.push(judgementsOf(dataset, fitted, slice));
  }
  const heads = dataset.heads.map((_, head) =>
    pooled(judgements.map((slice) => slice[head] as HeadJudgement)),
  );
  const rounded = (values: readonly number[]) => Math.round(meanOf(values));
  return {
    epochs: rounded(fits.map(({ epochs }) => epochs)),
    trees: dataset.heads.map((_, head) =>
      rounded(fits.map(({ forests }) => forests[head]?.trees.length ?? 0)),
    ),
    logLoss: meanOf(heads.map(({ losses }) => meanOf(losses))),
    metrics: heads.map(({ predicted, happened }) => judge({ predicted, happened })),
    losses: heads.map(({ losses }) => losses),
  };
}

interface HeadJudgement {
  predicted: Float64Array;
  happened: Float32Array;
  losses: Float64Array;
}

function judgementsOf(
  dataset: Dataset,
  { calibrators, logits }: CalibratedFit,
  slice: Slices,
): HeadJudgement[] {
  const stopped = logits(slice.stop);
  const judged = logits(slice.judge);
  return dataset.heads.map((_, head) => {
    const { values, labels } = observedRows(dataset, slice.judge, head, judged);
    const before = observedRows(dataset, slice.stop, head, stopped);
    const own = calibrators[head] ?? UNCALIBRATED;
    const level = fitCalibrator(before.values, before.labels);
    return {
      predicted: Float64Array.from(values, (logit) => calibrated(own, logit)),
      happened: labels,
      losses: lossesOf(
        Float64Array.from(values, (logit) => calibrated(level, logit)),
        labels,
      ),
    };
  });
}

function pooled(slices: readonly HeadJudgement[]): HeadJudgement {
  return {
    predicted: Float64Array.from(slices.flatMap(({ predicted }) => [...predicted])),
    happened: Float32Array.from(slices.flatMap(({ happened }) => [...happened])),
    losses: Float64Array.from(slices.flatMap(({ losses }) => [...losses])),
  };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let place = 0; place < values.length; place += 1) sum += values[place] as number;
  return sum / Math.max(1, values.length);
}

function lossesOf(predicted: Float64Array, labels: Float32Array): Float64Array {
  return predicted.map((p, row) => logLoss({ predicted: [p], happened: [labels[row] ?? 0] }) ?? 0);
}

export interface Named {
  name: string;
  settings: FitSettings;
  result: Competed;
}

/** Whether the challenger takes the lead, and why, in a sentence. */
export function comparison(
  challenger: Named,
  held: Named,
  dataset: Dataset,
  slices: readonly Slices[],
): { wins: boolean; told: string } {
  const rows = Int32Array.from(slices.flatMap(({ judge: judging }) => [...judging]));
  const losses = [held.result.losses, challenger.result.losses] as const;
  const { mean, standardError } = pairedDifference(...losses, dataset, rows);
  const by = challenger.settings.margin;
  const wins = mean > by * standardError;
  const figures = `log-loss ${challenger.result.logLoss.toFixed(4)} against ${held.result.logLoss.toFixed(4)} of ${held.name}, difference ${mean.toFixed(4)} ± ${standardError.toFixed(4)}`;
  const told = `${challenger.name} is ${wins ? '' : by > 0 ? 'not clearly ' : 'not '}better: ${figures}`;
  return { wins, told };
}
