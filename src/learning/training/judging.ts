import type { Dataset } from '../dataset/dataset.js';

/** Labels of one head over rows, without the unobserved; `values` (rows × heads) likewise. */
export function observedRows(dataset: Dataset, rows: Int32Array, head: number, values?: Float32Array) {
  const heads = dataset.heads.length;
  const seen: number[] = [];
  const labels: number[] = [];
  const kept: number[] = [];
  rows.forEach((row, place) => {
    const label = dataset.labels[row * heads + head] ?? NaN;
    if (Number.isNaN(label)) return;
    seen.push(row);
    labels.push(label);
    if (values) kept.push(values[place * heads + head] ?? 0);
  });
  return { rows: Int32Array.from(seen), labels: Float32Array.from(labels), values: Float32Array.from(kept) };
}

/** The dataset with those heads only that have enough positives and negatives. Throws when none has. */
export function withHeads(dataset: Dataset, leastOfEach: number): { dataset: Dataset; leftOut: string[] } {
  const width = dataset.heads.length;
  const counts = dataset.heads.map((_, head) => {
    let positives = 0;
    let observed = 0;
    for (let row = 0; row < dataset.rows; row += 1) {
      const label = dataset.labels[row * width + head] ?? NaN;
      if (Number.isNaN(label)) continue;
      observed += 1;
      positives += label;
    }
    return { positives, negatives: observed - positives };
  });
  const enough = ({ positives, negatives }: { positives: number; negatives: number }) =>
    positives >= leastOfEach && negatives >= leastOfEach;
  const kept = dataset.heads
    .map((_, head) => head)
    .filter((head) => enough(counts[head] ?? { positives: 0, negatives: 0 }));
  const leftOut = dataset.heads.filter((_, head) => !kept.includes(head));
  if (kept.length === 0) {
    const told = dataset.heads.map(
      (name, head) => `${name}: ${counts[head]?.positives ?? 0} yes, ${counts[head]?.negatives ?? 0} no`,
    );
    throw new NotEnoughToLearn(
      `No outcome has ${leastOfEach} touches that led to it and ${leastOfEach} that did not (${told.join('; ') || 'no outcome definitions'})`,
    );
  }
  if (leftOut.length === 0) return { dataset, leftOut };
  const labels = new Float32Array(dataset.rows * kept.length);
  for (let row = 0; row < dataset.rows; row += 1) {
    kept.forEach(
      (head, place) => (labels[row * kept.length + place] = dataset.labels[row * width + head] ?? NaN),
    );
  }
  return { dataset: { ...dataset, labels, heads: kept.map((head) => dataset.heads[head] ?? '') }, leftOut };
}

/** There are too few outcomes to train on: an expected answer, not a fault. */
export class NotEnoughToLearn extends Error {}

/** Rows at the base rate that each action's mean is drawn towards. */
const BY_ACTION_STRENGTH = 20;

/** The mean of each action × channel × treatment × product as prediction: what a table of constants would say. */
export function byActionPredictions(
  dataset: Dataset,
  fitRows: Int32Array,
  judgeRows: Int32Array,
  head: number,
  baseRate: number,
): { predicted: Float64Array; happened: Float32Array } {
  const positives = new Float64Array(dataset.profiles.length);
  const counts = new Float64Array(dataset.profiles.length);
  const fitted = observedRows(dataset, fitRows, head);
  fitted.rows.forEach((row, place) => {
    const profile = dataset.profile[row] ?? 0;
    positives[profile] = (positives[profile] ?? 0) + (fitted.labels[place] ?? 0);
    counts[profile] = (counts[profile] ?? 0) + 1;
  });
  const judged = observedRows(dataset, judgeRows, head);
  const predicted = Float64Array.from(judged.rows, (row) => {
    const profile = dataset.profile[row] ?? 0;
    return (
      ((positives[profile] ?? 0) + BY_ACTION_STRENGTH * baseRate) /
      ((counts[profile] ?? 0) + BY_ACTION_STRENGTH)
    );
  });
  return { predicted, happened: judged.labels };
}

/**
 * Mean difference of two competitors' log-losses (first − second), the mean over heads of the means over labels, and its
 * standard error with accounts as the units that vary together.
 */
export function pairedDifference(
  first: readonly Float64Array[],
  second: readonly Float64Array[],
  dataset: Dataset,
  judgeRows: Int32Array,
): { mean: number; standardError: number } {
  const heads = first.length;
  const byAccount = new Map<number, number>();
  let mean = 0;
  const perHead = first.map((losses, head) => {
    const { rows } = observedRows(dataset, judgeRows, head);
    const differences = Array.from(losses, (loss, place) => loss - (second[head]?.[place] ?? 0));
    const headMean = differences.reduce((sum, value) => sum + value, 0) / Math.max(1, differences.length);
    mean += headMean / heads;
    return { rows, differences, headMean };
  });
  for (const { rows, differences, headMean } of perHead) {
    differences.forEach((difference, place) => {
      const account = dataset.account[rows[place] ?? 0] ?? 0;
      const share = (difference - headMean) / (heads * differences.length);
      byAccount.set(account, (byAccount.get(account) ?? 0) + share);
    });
  }
  const variance = [...byAccount.values()].reduce((sum, total) => sum + total * total, 0);
  return { mean, standardError: Math.sqrt(variance) };
}
