import type { Catalogue } from '../../../catalogue/index.js';
import {
  type CandidateInputs,
  type AccountInputs,
  type CandidateKeys,
  candidateKeys,
  type Decision,
  decodeSnapshot,
  inverseGapWeights,
  priorityOf,
  type PropensityModel,
  schemaDigest,
  type ScoredCandidate,
} from '../../../recommender/index.js';

/**
 * A policy that is judged on logged decisions: the probability with which it would have taken each arm. Null where it
 * cannot tell, since the model reads other inputs than were logged. It chooses among the arms that were logged.
 */
export type EvaluationPolicy = (decision: Decision) => number[] | null;

/** What was done: every weight is 1. */
export const loggedPolicy: EvaluationPolicy = ({ arms }) => arms.map(({ probability }) => probability);

/** The best arm by its logged priority, always. */
export const greedyPolicy: EvaluationPolicy = ({ arms, draw }) =>
  draw.mode === 'mandatory'
    ? arms.map((_, place) => (place === 0 ? 1 : 0))
    : inverseGapWeights(
        arms.map(({ candidate }) => candidate?.priority ?? 0),
        { mode: 'greedy', gamma: draw.gamma, floor: draw.floor },
      );

/** Another model in place of the one that served, with the same exploration: arms are scored from their logged inputs. */
export function modelPolicy(model: PropensityModel, catalogue: Catalogue): EvaluationPolicy {
  return (decision) => {
    const scored = rescoredArms(decision, model, catalogue);
    return scored && armWeights(decision, scored);
  };
}

/** An arm as another model scores it; *no action* has a propensity and a priority of 0. */
export interface RescoredArm {
  propensity: number;
  priority: number;
}

/** The arms of a decision from their logged inputs; null where the model reads other inputs than were logged. */
export function rescoredArms(
  decision: Decision,
  model: PropensityModel,
  catalogue: Catalogue,
): RescoredArm[] | null {
  if (decision.versions.inputs !== (model.inputSchema && schemaDigest(model.inputSchema))) return null;
  const read = decodeSnapshot(decision.snapshot);
  return scoredArms(decision, model, catalogue, (place, keys) => {
    const arm = read.arms[place];
    const account = arm && read.contacts[arm.contact];
    return account ? { account, candidate: { ...keys, crosses: arm.crosses } } : null;
  });
}

/** What a model reads of one arm. */
export interface ArmInputs {
  account: AccountInputs;
  candidate: CandidateInputs;
}

/** The arms of a decision from the inputs that are given of each; null where an arm has none. */
export function scoredArms(
  { arms }: Decision,
  model: PropensityModel,
  catalogue: Catalogue,
  inputsOf: (place: number, keys: CandidateKeys, logged: ScoredCandidate) => ArmInputs | null,
): RescoredArm[] | null {
  // the account's side is the larger part of the work: arms for the same contact share it
  const cases = new Map<AccountInputs, { place: number; candidate: CandidateInputs }[]>();
  for (const [place, { candidate }] of arms.entries()) {
    if (candidate === null) continue;
    const keys = keysOf(candidate, catalogue);
    const inputs = keys && inputsOf(place, keys, candidate);
    if (!inputs) return null;
    const own = cases.get(inputs.account) ?? [];
    cases.set(inputs.account, own);
    own.push({ place, candidate: inputs.candidate });
  }
  const propensities = new Float32Array(arms.length);
  for (const [account, own] of cases) {
    const [scores] = model.score([{ account, candidates: own.map(({ candidate }) => candidate) }]);
    own.forEach(({ place }, index) => (propensities[place] = scores?.[index] ?? NaN));
  }
  return arms.map(({ candidate }, place) => rescored(candidate, propensities[place] as number));
}

function rescored(logged: ScoredCandidate | null, propensity: number): RescoredArm {
  if (logged === null) return { propensity: 0, priority: 0 };
  const incremental = incrementalUnder(logged, propensity);
  return { propensity, priority: priorityOf({ ...logged, propensity, incremental }) };
}

/** What happens without the suggestion is taken to be what was logged: another model differs in what follows it. */
function incrementalUnder(logged: ScoredCandidate, propensity: number): number | undefined {
  return logged.incremental === undefined ? undefined : propensity - (logged.propensity - logged.incremental);
}

/** Probabilities with which the arms would be drawn by other priorities, as the decision explored. */
export function armWeights({ arms, draw }: Decision, scored: readonly RescoredArm[]): number[] {
  if (draw.mode === 'mandatory') return arms.map((_, place) => (place === 0 ? 1 : 0));
  // An arm that is not worth its cost would not stand beside the others; no action always does.
  const worth = arms.map(({ candidate }, place) => candidate === null || (scored[place]?.priority ?? 0) > 0);
  const weights = inverseGapWeights(
    scored.filter((_, place) => worth[place]).map(({ priority }) => priority),
    { ...draw, mode: draw.mode },
  );
  let next = 0;
  return arms.map((_, place) => (worth[place] ? (weights[next++] ?? 0) : 0));
}

function keysOf({ actionId, channelId, productId, treatmentId }: ScoredCandidate, catalogue: Catalogue) {
  const action = catalogue.actions.get(actionId);
  const channel = catalogue.channels.get(channelId);
  if (!action || !channel) return null;
  const product = productId === null ? null : (catalogue.products.get(productId) ?? null);
  const treatments = catalogue.treatments.get(actionId) ?? [];
  const treatment = treatments.find((one) => one.treatmentId === treatmentId) ?? null;
  return candidateKeys(action, product, channel, treatment);
}
