import { digest, seededRng } from '../../shared/index.js';
import { type Dataset, rowInputs } from '../dataset/dataset.js';
import { rowsOfDataset } from '../dataset/table-dataset.js';
import { ResponseModel } from '../serving/response-model.js';
import { unpackArtefact, versionOf } from '../training/artefact.js';
import { fitEncoder, widthsOf, writeAccount } from '../training/encoder.js';
import type { TrainingSettings } from '../training/settings.js';
import type { TrainingProgress } from '../training/train.js';
import type { Trainer } from '../training/trainer.js';
import { fitLogistic } from '../training/logistic-regression.js';
import type { Estimate } from './off-policy/intervals.js';
import { compareMetrics, type JudgedRows, type MetricName } from './resampled-metrics.js';

/** Row i is in fold i modulo `folds`; or the first `share` of the rows train, the others judge. */
export type PropensitySplit = { kind: 'kfold'; folds: number } | { kind: 'time'; share: number };

export interface PropensityTask {
  dataset: Dataset;
  split: PropensitySplit;
  settings: TrainingSettings;
  trainedAt: Date;
  /** Is given what the model serves for each judged row, part by part. */
  onJudged?: (part: number, rows: Int32Array, predicted: Float64Array) => void;
}

type Metrics = Record<MetricName, number | null>;
type Intervals = Record<MetricName, Pick<Estimate, 'low' | 'high'>>;

/** A model or reference: means over the folds, with 95 % intervals from resampling rows. */
export type JudgedPropensity = Metrics & { intervals: Intervals };

export interface PropensityEvaluation extends JudgedPropensity {
  rows: number;
  positives: number;
  judgedRows: number;
  baseRate: JudgedPropensity;
  logisticRegression: JudgedPropensity;
  /** Ours less the reference, on the same resamples. */
  differences: Record<'baseRate' | 'logisticRegression', Record<MetricName, Estimate>>;
  /** What was trained for each part: the artefact that would serve, which competitor won, and why. */
  models: { version: string; winner: string; because: string; auc: number | null; rows: number }[];
  /** Digest of the settings of the training. */
  settings: string;
  seed: string;
}

/** How well the response model tells who answers, judged on rows that it was not trained on. */
export async function evaluatePropensity(
  { dataset, split, settings, trainedAt, onJudged }: PropensityTask,
  trainer: Trainer,
  onProgress: (part: number, parts: number, progress: TrainingProgress) => void = () => {},
): Promise<PropensityEvaluation> {
  const parts = partsOf(dataset.rows, split);
  const judged: JudgedRows[] = [];
  const models: PropensityEvaluation['models'] = [];
  for (const [place, { train, test }] of parts.entries()) {
    const trained = await trainer.train(
      { dataset: rowsOfDataset(dataset, train), settings, trainedAt },
      (progress) => onProgress(place, parts.length, progress),
    );
    const version = versionOf(trained.packed);
    const model = new ResponseModel(unpackArtefact(trained.packed), version);
    const happened = Float32Array.from(test, (row) => dataset.labels[row] ?? NaN);
    const ours = Float64Array.from(test, (row) => servedBy(model, dataset, row));
    onJudged?.(place, test, ours);
    judged.push({
      happened,
      predicted: {
        ours,
        baseRate: new Float64Array(test.length).fill(meanLabel(dataset, train)),
        logisticRegression: logisticPredictions(dataset, train, test, settings),
      },
    });
    const { winner, because } = trained.card;
    models.push({ version, winner, because, auc: null, rows: test.length });
  }
  return result(dataset, judged, models, settings);
}

function result(
  dataset: Dataset,
  judged: readonly JudgedRows[],
  models: PropensityEvaluation['models'],
  settings: TrainingSettings,
): PropensityEvaluation {
  const compared = compareMetrics(judged, seededRng(`propensity:${settings.seed}`));
  const of = (name: string): JudgedPropensity => {
    const estimates = Object.entries(compared.models[name] ?? {});
    const values = estimates.map(([metric, { value }]) => [metric, value]);
    const intervals = estimates.map(([metric, { low, high }]) => [metric, { low, high }]);
    return { ...Object.fromEntries(values), intervals: Object.fromEntries(intervals) } as JudgedPropensity;
  };
  const { seed, ...others } = settings;
  return {
    ...of('ours'),
    rows: dataset.rows,
    positives: dataset.labels.reduce((sum, label) => sum + label, 0),
    judgedRows: judged.reduce((sum, { happened }) => sum + happened.length, 0),
    baseRate: of('baseRate'),
    logisticRegression: of('logisticRegression'),
    differences: compared.differences as PropensityEvaluation['differences'],
    models: models.map((model, place) => {
      const [part] = judged.slice(place, place + 1);
      const alone = part && compareMetrics([part], seededRng('unused'), 0).models['ours'];
      return { ...model, auc: alone?.auc.value ?? null };
    }),
    settings: digest(others),
    seed,
  };
}

function partsOf(rows: number, split: PropensitySplit): { train: Int32Array; test: Int32Array }[] {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  if (split.kind === 'time') {
    const border = Math.floor(rows * split.share);
    return [{ train: all.slice(0, border), test: all.slice(border) }];
  }
  return Array.from({ length: split.folds }, (_, fold) => ({
    train: all.filter((row) => row % split.folds !== fold),
    test: all.filter((row) => row % split.folds === fold),
  }));
}

function servedBy(model: ResponseModel, dataset: Dataset, row: number): number {
  const { account, candidate } = rowInputs(dataset, row);
  return model.score([{ account, candidates: [candidate] }])[0]?.[0] ?? NaN;
}

function meanLabel(dataset: Dataset, rows: Int32Array): number {
  return rows.reduce((sum, row) => sum + (dataset.labels[row] ?? 0), 0) / Math.max(1, rows.length);
}

/** Standardised numbers and one-hot categories, nothing else. */
function logisticPredictions(
  dataset: Dataset,
  train: Int32Array,
  test: Int32Array,
  { rareBelow }: TrainingSettings,
): Float64Array {
  const encoder = fitEncoder(dataset, train, { bins: 0, rareBelow });
  const width = widthsOf(encoder).account;
  const encoded = new Float32Array(train.length * width);
  train.forEach((row, place) =>
    writeAccount(encoder, rowInputs(dataset, row).account, encoded, place * width),
  );
  const labels = train.map((row) => dataset.labels[row] ?? 0);
  const logistic = fitLogistic(encoded, labels, width);
  return Float64Array.from(test, (row) => {
    const columns = new Float32Array(width);
    writeAccount(encoder, rowInputs(dataset, row).account, columns);
    return logistic.predict(columns);
  });
}
