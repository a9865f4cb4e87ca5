import { type Figure, type Findings, measured, published } from './figures.js';
import type { ComparedMetrics } from '../../src/learning/index.js';
import { type Installation, printed } from './installation.js';
import { rescoreAll } from './rescoring.js';
import { differenceOf, intervalOf, trainingSettings } from './response-settings.js';

/** The waves before hour 504 train, those at hours 504 and 576 test; hour 0 is 2018-07-26. */
const SPLIT = '2018-08-16';
const RESCORING_LIMIT_SECONDS = 1800;

interface HeadPrinted {
  outcomeId: string;
  model: MetricsPrinted;
  byAction: MetricsPrinted;
  compared: ComparedMetrics;
}

interface MetricsPrinted {
  rows: number;
  positives: number;
  auc: number | null;
  logLoss: number | null;
  ece: number | null;
}

/** AUC and log-loss on the test waves: mean of each offer, logistic regression, gradient boosting. */
const references: Record<string, Record<'auc' | 'logLoss', [number, number, number]>> = {
  view: { auc: [0.8149, 0.8435, 0.8749], logLoss: [0.432, 0.417, 0.3699] },
  complete: { auc: [0.6619, 0.7789, 0.8226], logLoss: [0.604, 0.5332, 0.4836] },
};

export async function measureStarbucks(installation: Installation): Promise<Findings> {
  const importing = printed<Record<string, unknown>>(
    await installation.nba(['import', 'starbucks', '--json']),
  );
  const promote = ['--promote', 'benchmark: first model'];
  const trained = printed<{ version: string; card: { winner: string; because: string; data: unknown; competitors: unknown } }>(
    await installation.nba(['train', '--train-until', SPLIT, ...promote, '--json']),
  );
  const judged = printed<{ heads: HeadPrinted[] }>(
    await installation.nba(['evaluate', 'response', '--from', SPLIT, '--json']),
  );
  return {
    importing,
    split: { trainBefore: SPLIT, unit: 'one offer received', window: '5 days, both ends included' },
    training: {
      version: trained.version,
      winner: trained.card.winner,
      because: trained.card.because,
      settings: trainingSettings(),
      data: trained.card.data,
      competitors: trained.card.competitors,
      calibration: Object.fromEntries(judged.heads.map(({ outcomeId, model }) => [outcomeId, { ece: model.ece }])),
    },
    figures: judged.heads.flatMap(figuresOf),
    rescoring: await rescoreAll(installation, RESCORING_LIMIT_SECONDS),
    notes: [
      'The model that is judged here is the one that serves in the re-scoring: one artefact for both outcomes.',
      'Intervals: 95 %, by drawing accounts with replacement (400 times); the difference from the mean of each offer on the same draws.',
      'Sendings at hour 408 have windows that end after the first test wave; they train with their whole window, as in the reference.',
      '"Mean of each offer" is computed again in this run, on the same rows, from the training waves.',
    ],
  };
}

function figuresOf({ outcomeId, model, byAction, compared }: HeadPrinted): Figure[] {
  const known = references[outcomeId];
  if (!known) return [];
  return (['auc', 'logLoss'] as const).map((measure) => {
    const [mean, logistic, boosting] = known[measure];
    return {
      what: `${outcomeId}, ${measure === 'auc' ? 'AUC' : 'log-loss'}`,
      ours: model[measure],
      better: measure === 'auc' ? 'higher' : 'lower',
      on: model.rows,
      ...intervalOf(compared.models['model']?.[measure]),
      references: [
        {
          ...measured('mean of each offer', byAction[measure]),
          ...differenceOf(compared.differences['byAction']?.[measure], measure === 'logLoss'),
        },
        published('mean of each offer', mean),
        published('logistic regression', logistic),
        published('gradient boosting', boosting),
      ],
    };
  });
}
