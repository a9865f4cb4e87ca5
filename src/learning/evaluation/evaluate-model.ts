import type { PropensityModel } from '../../recommender/index.js';
import { type Dataset, rowInputs } from '../dataset/dataset.js';
import { byActionPredictions, observedRows } from '../training/judging.js';
import { seededRng } from '../../shared/index.js';
import { judge, type Metrics } from './metrics.js';
import { type ComparedMetrics, compareMetrics } from './resampled-metrics.js';

/** A model on rows that it was not trained on, beside plain references learned from `fitRows`. */
export interface HeadEvaluation {
  outcomeId: string;
  model: Metrics;
  baseRate: Metrics;
  byAction: Metrics;
  /** 95 % intervals, and how far the model is from each reference on the same draws of accounts. */
  compared: ComparedMetrics;
}

/**
 * Every outcome of the dataset, judged on the rows given, by the propensities that the model would serve; with intervals
 * where `resamples` is above 0.
 */
export function evaluateModel(
  model: PropensityModel,
  dataset: Dataset,
  rows: Int32Array,
  fitRows: Int32Array,
  resamples = 0,
): HeadEvaluation[] {
  return dataset.heads.map((outcomeId, head) => {
    const observed = observedRows(dataset, rows, head);
    const predicted = Float64Array.from(observed.rows, (row) => {
      const { account, candidate } = rowInputs(dataset, row);
      const asked = { ...candidate, outcomeId: outcomeId as typeof candidate.outcomeId };
      return model.score([{ account, candidates: [asked] }])[0]?.[0] ?? NaN;
    });
    const fitted = observedRows(dataset, fitRows, head);
    const rate = (fitted.labels.reduce((sum, label) => sum + label, 0) + 0.5) / (fitted.labels.length + 1);
    const happened = observed.labels;
    const baseRate = new Float64Array(happened.length).fill(rate);
    const byAction = byActionPredictions(dataset, fitRows, rows, head, rate);
    const account = Int32Array.from(observed.rows, (row) => dataset.account[row] ?? -1);
    return {
      outcomeId,
      model: judge({ predicted, happened }),
      baseRate: judge({ predicted: baseRate, happened }),
      byAction: judge(byAction),
      compared: compareMetrics(
        [{ happened, account, predicted: { model: predicted, byAction: byAction.predicted, baseRate } }],
        seededRng(`evaluation:${outcomeId}`),
        resamples,
      ),
    };
  });
}
