import { join } from 'node:path';
import type { MetricName, PropensityEvaluation } from '../../src/learning/index.js';
import { type Figure, type Findings, measured, published, type Reference } from './figures.js';
import { type Installation, printed } from './installation.js';
import { differenceOf, intervalOf, trainingSettings } from './response-settings.js';

const FILE = 'bank-marketing/bank-additional-full.csv.gz';
/** 0.8 of 41,188 rows: the first 32,950. */
const splits = { '5-fold': 'kfold:5', 'time split': 'time:0.8' } as const;
type SplitName = keyof typeof splits;

interface Peer {
  name: string;
  figures: Partial<Record<SplitName, Partial<Record<MetricName, number>>>>;
}

/** DATA.md. */
const peers: Peer[] = [
  {
    name: 'logistic, C = 1',
    figures: {
      '5-fold': { auc: 0.791, logLoss: 0.2773, ece: 0.0104, liftAt10: 4.34 },
      'time split': { auc: 0.7449, logLoss: 0.5788 },
    },
  },
  {
    name: 'gradient boosting',
    figures: {
      '5-fold': { auc: 0.8034, logLoss: 0.2703, ece: 0.0074, liftAt10: 4.55 },
      'time split': { auc: 0.5956, logLoss: 0.8248 },
    },
  },
  {
    name: 'xgboost',
    figures: {
      '5-fold': { auc: 0.8026, logLoss: 0.271, ece: 0.0075, liftAt10: 4.58 },
      'time split': { auc: 0.6342, logLoss: 0.8405 },
    },
  },
  {
    name: 'random forest',
    figures: {
      '5-fold': { auc: 0.7986, logLoss: 0.2722, ece: 0.0075, liftAt10: 4.51 },
      'time split': { auc: 0.7406, logLoss: 0.625 },
    },
  },
];

const metrics: readonly MetricName[] = ['auc', 'logLoss', 'brier', 'ece', 'liftAt10'];
const higher: readonly MetricName[] = ['auc', 'liftAt10'];

/** `nba evaluate propensity` on the telephone campaigns, without the length of the call. */
export async function measureBank(installation: Installation): Promise<Findings> {
  const input = join(installation.config.dataDir, FILE);
  const figures: Figure[] = [];
  const training: Record<string, unknown> = { settings: trainingSettings() };
  for (const [name, split] of Object.entries(splits) as [SplitName, string][]) {
    const about = ['--input', input, '--target', 'y', '--drop', 'duration', '--split', split];
    const evaluated = printed<PropensityEvaluation>(
      await installation.nba(['evaluate', 'propensity', ...about, '--json']),
    );
    training[name] = evaluated.models;
    figures.push(...metrics.map((metric) => figureOf(name, metric, evaluated)));
  }
  return {
    importing: {},
    split: { '5-fold': 'row number modulo 5', 'time split': 'the first 32,950 rows train', left: 'duration' },
    training,
    figures,
    rescoring: null,
    notes: [
      'Metrics of the 5-fold are means over the folds. Intervals: 95 %, by drawing rows with replacement within each fold (400 times), ours and the references of this run on the same draws.',
      'Each part is trained as the product trains what serves: encoder, choice of capacity on held-out training rows, calibration; it is judged by the propensities that the artefact serves. The model named under Training is that artefact.',
      'A resample is less well calibrated than the rows it is drawn from: the interval of the calibration error leans upward.',
    ],
  };
}

function figureOf(split: SplitName, metric: MetricName, evaluated: PropensityEvaluation): Figure {
  const lowerIsBetter = !higher.includes(metric);
  const references: Reference[] = (['logisticRegression', 'baseRate'] as const).map((name) => ({
    ...measured(name === 'baseRate' ? 'base rate' : 'logistic regression', evaluated[name][metric]),
    ...differenceOf(evaluated.differences[name][metric], lowerIsBetter),
  }));
  for (const { name, figures } of peers) {
    const known = figures[split]?.[metric];
    if (known !== undefined) references.push(published(name, known));
  }
  const { low, high } = evaluated.intervals[metric];
  return {
    what: `${split}, ${metric}`,
    ours: evaluated[metric],
    better: lowerIsBetter ? 'lower' : 'higher',
    on: evaluated.judgedRows,
    ...intervalOf({ value: evaluated[metric], low, high }),
    references,
  };
}
