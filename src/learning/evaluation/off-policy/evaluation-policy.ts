import type { Catalogue } from '../../../catalogue/index.js';
import {
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
  const digest = model.inputSchema && schemaDigest(model.inputSchema);
  return (decision) => {
    const { arms, draw, versions } = decision;
    if (versions.inputs !== digest) return null;
    if (draw.mode === 'mandatory') return arms.map((_, place) => (place === 0 ? 1 : 0));
    const priorities = rescored(decision, model, catalogue);
    if (!priorities) return null;
    // An arm that is not worth its cost would not stand beside the others; no action always does.
    const worth = arms.map(({ candidate }, place) => candidate === null || (priorities[place] ?? 0) > 0);
    const weights = inverseGapWeights(
      priorities.filter((_, place) => worth[place]),
      { ...draw, mode: draw.mode },
    );
    let next = 0;
    return arms.map((_, place) => (worth[place] ? (weights[next++] ?? 0) : 0));
  };
}

function rescored(
  { arms, snapshot }: Decision,
  model: PropensityModel,
  catalogue: Catalogue,
): number[] | null {
  const read = decodeSnapshot(snapshot);
  const priorities: number[] = [];
  for (const [place, { candidate }] of arms.entries()) {
    if (candidate === null) {
      priorities.push(0);
      continue;
    }
    const arm = read.arms[place];
    const account = arm && read.contacts[arm.contact];
    const keys = keysOf(candidate, catalogue);
    if (!account || !keys) return null;
    const [scores] = model.score([{ account, candidates: [{ ...keys, crosses: arm.crosses }] }]);
    priorities.push(priorityOf({ ...candidate, propensity: scores?.[0] ?? NaN }));
  }
  return priorities;
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
