export { RankedRows, type UpliftRanking } from './ranking.js';
export { matchedValue, type PolicyRows } from './policy-value.js';
export {
  type ArmEvaluation,
  evaluateUplift,
  type UpliftEvaluation,
  type UpliftTask,
} from './evaluate-uplift.js';
