import { type Candidate, type CandidateTask, effectOf, fitCandidates } from './candidates.js';
import { others, scoredEffect } from './doubly-robust.js';
import { chooseMargin, type PersonalChoice } from './personal-choice.js';

/** Which candidates are listened to. */
export interface Chosen {
  /** For each arm but the control: names of those that ranked rows best, the best first. */
  ranking: string[][];
  /** By name: how much each counts where the size of the effect matters. Sums to 1. */
  weights: Record<string, number>;
  personal: PersonalChoice;
}

/** Effects of one candidate on the training rows, by fits that did not see them: one array an arm but the control. */
interface Unseen {
  name: string;
  design: number;
  effects: Float64Array[];
}

/**
 * Judges candidates across the folds of the training rows, on doubly robust scores. To rank rows, each arm takes the
 * `averaged` candidates with the largest area under the curve of gathered scores, all on the design whose best ones did
 * best on average: which is decided with less noise than single candidates are. For the size of effects, all arms
 * together weigh candidates by exp(−n × squared loss / 2 × variance), the exponential weights of Leung & Barron (2006),
 * whose loss is the DR-learner's (Kennedy, 2020).
 */
export function chooseCandidates(task: CandidateTask, folds: readonly Int32Array[]): Chosen {
  const unseen = predictedUnseen(task, folds);
  const arms = task.data.arms.slice(1).map((_, index) => index);
  const weights = exponentialWeights(task, unseen);
  return {
    ranking: arms.map((index) => bestRanking(task, folds, unseen, index)),
    weights,
    personal: chooseMargin(task, weightedMean(task, unseen, weights)),
  };
}

function predictedUnseen(task: CandidateTask, folds: readonly Int32Array[]): Unseen[] {
  const unseen = new Map<string, Unseen>();
  for (const fold of folds) {
    for (const candidate of fitCandidates({ ...task, train: others(folds, fold) })) {
      const { name, design } = candidate;
      const known = unseen.get(name) ?? {
        name,
        design,
        effects: task.data.arms.slice(1).map(() => new Float64Array(task.data.rows).fill(NaN)),
      };
      unseen.set(name, known);
      known.effects.forEach((own, index) => fill(own, fold, task, candidate, index + 1));
    }
  }
  return [...unseen.values()];
}

function fill(
  into: Float64Array,
  rows: Int32Array,
  { designs }: CandidateTask,
  candidate: Candidate,
  arm: number,
): void {
  for (const row of rows) into[row] = effectOf(candidate, designs, row, arm);
}

function bestRanking(
  { scores, settings }: CandidateTask,
  folds: readonly Int32Array[],
  unseen: readonly Unseen[],
  index: number,
): string[] {
  const score = (row: number) => scoredEffect(scores, row, index + 1);
  const gains = unseen.map(({ name, design, effects }) => ({
    name,
    design,
    gain: folds.reduce((sum, fold) => sum + rankGain(fold, effects[index] as Float64Array, score), 0),
  }));
  const byDesign = settings.stretches.map((_, place) =>
    gains
      .filter(({ design }) => design === place)
      .sort((a, b) => b.gain - a.gain)
      .slice(0, settings.averaged),
  );
  const total = (some: typeof gains) => some.reduce((sum, { gain }) => sum + gain, 0);
  const best = byDesign.reduce((most, some) => (total(some) > total(most) ? some : most));
  return best.map(({ name }) => name);
}

/**
 * Area between the scored effect that is gathered in the order of the predictions and that of any order, a row each:
 *   Σ_k (Σ_{i ≤ k} s_(i) − (k / n) Σ s) / n²,
 * the Qini curve on doubly robust scores (Yadlowsky et al., 2021). Equal predictions count as one.
 */
export function rankGain(rows: Int32Array, predicted: Float64Array, score: (row: number) => number): number {
  const order = Int32Array.from(rows).sort((a, b) => (predicted[b] as number) - (predicted[a] as number));
  const count = order.length;
  let gathered = 0;
  let area = 0;
  for (let start = 0; start < count;) {
    const value = predicted[order[start] as number];
    const before = gathered;
    let end = start;
    while (end < count && predicted[order[end] as number] === value) {
      gathered += score(order[end] as number);
      end += 1;
    }
    area += ((before + gathered) / 2) * (end - start);
    start = end;
  }
  return (area - (gathered * count) / 2) / count ** 2;
}

/** Rows × arms: the candidates' effects by their weights, 0 for the control. */
function weightedMean(
  { data, train }: CandidateTask,
  unseen: readonly Unseen[],
  weights: Record<string, number>,
): Float64Array {
  const arms = data.arms.length;
  const mean = new Float64Array(data.rows * arms);
  for (const { name, effects } of unseen) {
    const weight = weights[name] ?? 0;
    if (weight === 0) continue;
    effects.forEach((own, index) => {
      for (const row of train) {
        const at = row * arms + index + 1;
        mean[at] = (mean[at] as number) + weight * (own[row] as number);
      }
    });
  }
  return mean;
}

/** Candidates that weigh less are not listened to. */
const LEAST_WEIGHT = 0.01;

function exponentialWeights(
  { train, scores }: CandidateTask,
  unseen: readonly Unseen[],
): Record<string, number> {
  const arms = unseen[0]?.effects.length ?? 0;
  const logWeights = new Float64Array(unseen.length);
  for (let index = 0; index < arms; index += 1) {
    const scored = Float64Array.from(train, (row) => scoredEffect(scores, row, index + 1));
    const mean = scored.reduce((sum, value) => sum + value, 0) / scored.length;
    const variance = scored.reduce((sum, value) => sum + (value - mean) ** 2, 0) / scored.length;
    unseen.forEach(({ effects }, place) => {
      const own = effects[index] as Float64Array;
      let loss = 0;
      for (let at = 0; at < train.length; at += 1)
        loss += ((scored[at] as number) - (own[train[at] as number] as number)) ** 2;
      if (variance > 0) logWeights[place] = (logWeights[place] as number) - loss / (2 * variance);
    });
  }
  const most = Math.max(...logWeights);
  const kept = [...logWeights]
    .map((value) => Math.exp(value - most))
    .map((value) => (value < LEAST_WEIGHT ? 0 : value));
  const total = kept.reduce((sum, value) => sum + value, 0);
  return Object.fromEntries(
    unseen.flatMap(({ name }, place): [string, number][] => {
      const weight = (kept[place] as number) / total;
      return weight > 0 ? [[name, weight]] : [];
    }),
  );
}
