import { type Candidate, type CandidateTask, effectOf, fitCandidates } from './candidates.js';
import { others, scoredEffect } from './doubly-robust.js';
import { chooseMargin, type PersonalChoice } from './personal-choice.js';
import { deviationOf } from './randomised-rows.js';

/** Which candidates are listened to. */
export interface Chosen {
  /** For each arm but the control, by name: how much each counts where rows are ranked. Each sums to 1. */
  ranking: Record<string, number>[];
  /** By name: how much each counts where the size of the effect matters. Sums to 1. */
  weights: Record<string, number>;
  personal: PersonalChoice;
}

/** Effects of one candidate on the training rows, by fits that did not see them: one array an arm but the control. */
interface Unseen {
  name: string;
  effects: Float64Array[];
}

/**
 * Judges candidates across the folds of the training rows, on doubly robust scores. To rank rows, each arm weighs
 * candidates by exp((gain − best gain) / (temperature × standard error of the best)), each on the scale of its own
 * spread: folds hardly tell the best candidates apart, and their mean ranks better than any few that are picked. For the
 * size of effects, all arms together weigh candidates by exp(−n × squared loss / 2 × variance), the exponential weights
 * of Leung & Barron (2006), whose loss is the DR-learner's (Kennedy, 2020).
 */
export function chooseCandidates(task: CandidateTask, folds: readonly Int32Array[]): Chosen {
  const unseen = predictedUnseen(task, folds);
  const arms = task.data.arms.slice(1).map((_, index) => index);
  const weights = exponentialWeights(task, unseen);
  return {
    ranking: arms.map((index) => rankWeights(task, folds, unseen, index)),
    weights,
    personal: chooseMargin(task, weightedMean(task, unseen, weights)),
  };
}

function predictedUnseen(task: CandidateTask, folds: readonly Int32Array[]): Unseen[] {
  const unseen = new Map<string, Unseen>();
  for (const fold of folds) {
    for (const candidate of fitCandidates({ ...task, train: others(folds, fold) })) {
      const { name } = candidate;
      const known = unseen.get(name) ?? {
        name,
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

/** Candidates that weigh less, against the one that weighs most, are not listened to. */
const LEAST_WEIGHT = 0.01;
/** Candidates whose effects differ by less between rows say nothing of their order. */
const NO_SPREAD = 1e-9;

function rankWeights(
  { train, scores, settings }: CandidateTask,
  folds: readonly Int32Array[],
  unseen: readonly Unseen[],
  index: number,
): Record<string, number> {
  const score = (row: number) => scoredEffect(scores, row, index + 1);
  const judged = unseen
    .map(({ name, effects }) => {
      const own = effects[index] as Float64Array;
      const spread = deviationOf(Float64Array.from(train, (row) => own[row] as number));
      return { name, spread, ...rankGain(folds, own, score) };
    })
    .filter(({ spread }) => spread > NO_SPREAD);
  const best = judged.reduce((most, one) => (one.gain > most.gain ? one : most), judged[0] ?? nothing);
  const width = settings.rankTemperature * best.error;
  const weighed = judged
    .map(({ name, spread, gain }) => ({ name, spread, weight: Math.exp((gain - best.gain) / width) }))
    .filter(({ weight }) => weight >= LEAST_WEIGHT);
  const total = weighed.reduce((sum, { weight, spread }) => sum + weight / spread, 0);
  return Object.fromEntries(weighed.map(({ name, weight, spread }) => [name, weight / spread / total]));
}

const nothing: RankGain = { gain: 0, error: 0 };

/** What an order gathers early, a row each, with its standard error. */
export interface RankGain {
  gain: number;
  error: number;
}

/**
 * Area between the scored effect that is gathered in the order of the predictions within each fold and that of any
 * order, a row each: the mean of s (½ − place / n), the Qini curve on doubly robust scores (Yadlowsky et al., 2021).
 * Equal predictions share their place.
 */
export function rankGain(
  folds: readonly Int32Array[],
  predicted: Float64Array,
  score: (row: number) => number,
): RankGain {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const fold of folds) {
    const order = Int32Array.from(fold).sort((a, b) => (predicted[b] as number) - (predicted[a] as number));
    for (let start = 0; start < order.length;) {
      const value = predicted[order[start] as number];
      let end = start + 1;
      while (end < order.length && predicted[order[end] as number] === value) end += 1;
      const height = 1 / 2 - (start + end) / 2 / order.length;
      for (; start < end; start += 1) {
        const part = height * score(order[start] as number);
        sum += part;
        squares += part * part;
      }
    }
    count += order.length;
  }
  const gain = sum / count;
  return { gain, error: Math.sqrt((squares / count - gain * gain) / count) };
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
