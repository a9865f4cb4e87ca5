export {
  type CategoryColumn,
  isBinary,
  meanOutcome,
  type NumberColumn,
  type RandomisedRows,
  shareOfArms,
} from './randomised-rows.js';
export { type Chosen, type RankGain, rankGain } from './choose.js';
export { type Assignment, assignmentOf } from './assignment.js';
export { fitArmResponse, respond } from './arm-response.js';
export { type DesignColumn, designColumns, designOf, withColumn } from './design.js';
export { doublyRobustScores, foldsOf, type Scores, scoredEffect } from './doubly-robust.js';
export { learnUplift, type LearnedUplift, TooFewRows } from './learn-uplift.js';
export { type Effects, effectsOf, type UpliftModel } from './uplift-model.js';
export { type PersonalChoice, personalArms } from './personal-choice.js';
export { standardUplift, type UpliftSettings } from './settings.js';
