import { ArmResponseFitter, type Link, type Penalties, respond } from './arm-response.js';
import { type Assignment, assignmentOf } from './assignment.js';
import { type CandidateTask, fitCandidates, penaltiesOf } from './candidates.js';
import { chooseCandidates } from './choose.js';
import { type Design, designColumns, designOf } from './design.js';
import { armRows, doublyRobustScores, foldsOf, others } from './doubly-robust.js';
import { isBinary, type RandomisedRows } from './randomised-rows.js';
import type { UpliftSettings } from './settings.js';
import type { UpliftModel } from './uplift-model.js';

export interface LearnedUplift {
  model: UpliftModel;
  assignment: Assignment;
}

/** Fewer rows of an arm than this teach nothing. */
const LEAST_ROWS = 20;

/** Too little to learn from: the message says what is missing. */
export class TooFewRows extends Error {}

/**
 * Learns from training rows alone what each arm changes. Nuisance, candidates and their choice are cross-fitted within
 * these rows. Throws `TooFewRows`.
 */
export function learnUplift(
  data: RandomisedRows,
  train: Int32Array,
  settings: UpliftSettings,
): LearnedUplift {
  data.arms.forEach((name, arm) => {
    const rows = train.reduce((sum, row) => sum + (data.arm[row] === arm ? 1 : 0), 0);
    if (rows < LEAST_ROWS)
      throw new TooFewRows(`"${name}" has ${rows} rows to learn from; ${LEAST_ROWS} are needed at least`);
  });
  const link: Link = isBinary(data.outcome) ? 'logistic' : 'linear';
  const columns = settings.stretches.map((stretches) => designColumns(data, train, stretches));
  const designs = columns.map((own) => designOf(data, own));
  const folds = foldsOf(train, settings.folds);
  const [design] = designs;
  if (!design) throw new Error('Settings name no design');
  const assignment = assignmentOf(data, design, train);
  const penalties = nuisancePenalties(data, design, link, folds, settings);
  const scores = doublyRobustScores(data, { design, link, penalties, folds, chances: assignment.chances });
  const task: CandidateTask = { data, designs, link, train, scores, settings };
  const chosen = chooseCandidates(task, folds);
  const taken = new Set([chosen.weights, ...chosen.ranking].flatMap((weights) => Object.keys(weights)));
  const candidates = fitCandidates(task).filter(({ name }) => taken.has(name));
  return { model: { arms: data.arms, designs: columns, candidates, chosen }, assignment };
}

/** How far the arms' responses may differ: what predicts the outcome best on rows that were not fitted. */
function nuisancePenalties(
  data: RandomisedRows,
  design: Design,
  link: Link,
  folds: readonly Int32Array[],
  settings: UpliftSettings,
): Penalties {
  const [judged] = folds;
  if (!judged) throw new Error('Settings name no folds');
  const fitted = others(folds, judged);
  const expected = new Float64Array(data.arms.length);
  const fitter = new ArmResponseFitter(armRows(data, design, fitted), link);
  const options = settings.addedDeviations.map((deviation) => {
    const penalties = penaltiesOf(design.width, settings.commonDeviation, deviation);
    const response = fitter.fit(penalties);
    let loss = 0;
    for (const row of judged) {
      respond(response, design, row, expected);
      loss += lossOf(expected[data.arm[row] as number] as number, data.outcome[row] as number, link);
    }
    return { penalties, loss };
  });
  options.sort((a, b) => a.loss - b.loss);
  return (options[0] as (typeof options)[number]).penalties;
}

const EDGE = 1e-9;

function lossOf(expected: number, outcome: number, link: Link): number {
  if (link === 'linear') return (outcome - expected) ** 2;
  const chance = Math.min(1 - EDGE, Math.max(EDGE, expected));
  return outcome === 1 ? -Math.log(chance) : -Math.log(1 - chance);
}
