/** Predictions of one head beside what happened: probabilities in [0, 1], labels 0 or 1, of equal length. */
export interface Judged {
  predicted: ArrayLike<number>;
  happened: ArrayLike<number>;
}

export interface Metrics {
  rows: number;
  positives: number;
  /** Undefined values are null: AUC needs both classes. */
  auc: number | null;
  logLoss: number | null;
  brier: number | null;
  ece: number | null;
  liftAt10: number | null;
}

/**
 * Chance that a positive is ranked above a negative, ties counting half (Mann and Whitney, 1947):
 *   AUC = (R⁺ − n⁺(n⁺ + 1)/2) / (n⁺ n⁻), R⁺ the sum of the positives' mid-ranks.
 * Null without both classes.
 */
export function auc({ predicted, happened }: Judged): number | null {
  const order = Array.from({ length: predicted.length }, (_, row) => row).sort(
    (a, b) => (predicted[a] ?? 0) - (predicted[b] ?? 0),
  );
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length;) {
    const value = predicted[order[start] ?? 0];
    let end = start;
    let positivesHere = 0;
    while (end < order.length && predicted[order[end] ?? 0] === value) {
      positivesHere += happened[order[end] ?? 0] ?? 0;
      end += 1;
    }
    rankSum += positivesHere * ((start + 1 + end) / 2);
    positives += positivesHere;
    start = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Nearest that a probability may come to 0 or 1 in a logarithm. */
export const TINY = 1e-7;

/** Mean of −ln(probability given to what happened), in nats. Null without rows. */
export function logLoss({ predicted, happened }: Judged): number | null {
  if (predicted.length === 0) return null;
  let sum = 0;
  for (let row = 0; row < predicted.length; row += 1) {
    const p = Math.min(1 - TINY, Math.max(TINY, predicted[row] ?? 0));
    sum -= (happened[row] ?? 0) > 0.5 ? Math.log(p) : Math.log1p(-p);
  }
  return sum / predicted.length;
}

/** Mean squared difference between probability and what happened (Brier, 1950). Null without rows. */
export function brier({ predicted, happened }: Judged): number | null {
  if (predicted.length === 0) return null;
  let sum = 0;
  for (let row = 0; row < predicted.length; row += 1) {
    sum += ((predicted[row] ?? 0) - (happened[row] ?? 0)) ** 2;
  }
  return sum / predicted.length;
}

export const ECE_BINS = 10;

/**
 * Expected calibration error over equal bins of the probability: Σ share of bin × |mean predicted − share that happened|
 * (Naeini et al., 2015). Null without rows.
 */
export function ece({ predicted, happened }: Judged, bins = ECE_BINS): number | null {
  if (predicted.length === 0) return null;
  const gap = new Float64Array(bins);
  for (let row = 0; row < predicted.length; row += 1) {
    const p = predicted[row] ?? 0;
    const bin = Math.min(bins - 1, Math.floor(p * bins));
    gap[bin] = (gap[bin] ?? 0) + p - (happened[row] ?? 0);
  }
  return gap.reduce((sum, difference) => sum + Math.abs(difference), 0) / predicted.length;
}

/**
 * Share of positives among the `share` of rows that are ranked highest, over the share in all. Rows tied at the border
 * count with their mean. Null without rows or positives.
 */
export function lift({ predicted, happened }: Judged, share = 0.1): number | null {
  const rows = predicted.length;
  const taken = Math.round(rows * share);
  const base = Array.from(happened).reduce((sum, label) => sum + label, 0) / rows;
  if (taken === 0 || !(base > 0)) return null;
  const order = Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) => (predicted[b] ?? 0) - (predicted[a] ?? 0),
  );
  const border = predicted[order[taken - 1] ?? 0] ?? 0;
  let above = 0;
  let positivesAbove = 0;
  let tied = 0;
  let positivesTied = 0;
  for (const row of order) {
    const p = predicted[row] ?? 0;
    if (p < border) break;
    if (p > border) {
      above += 1;
      positivesAbove += happened[row] ?? 0;
    } else {
      tied += 1;
      positivesTied += happened[row] ?? 0;
    }
  }
  const positives = positivesAbove + (positivesTied * (taken - above)) / tied;
  return positives / taken / base;
}

/** All of them at once. */
export function judge(judged: Judged): Metrics {
  return {
    rows: judged.predicted.length,
    positives: Array.from(judged.happened).reduce((sum, label) => sum + label, 0),
    auc: auc(judged),
    logLoss: logLoss(judged),
    brier: brier(judged),
    ece: ece(judged),
    liftAt10: lift(judged),
  };
}
