import type { Placed, ScoredCandidate } from './decision.js';

/** A candidate at its place. Field by field, since hundreds of thousands are made in a night. */
export function placedAt(
  candidate: ScoredCandidate,
  place: Pick<Placed, Exclude<keyof Placed, keyof ScoredCandidate>>,
): Placed {
  const placed: Placed = {
    actionId: candidate.actionId,
    productId: candidate.productId,
    treatmentId: candidate.treatmentId,
    contentId: candidate.contentId,
    contactId: candidate.contactId,
    channelId: candidate.channelId,
    performedBy: candidate.performedBy,
    slot: candidate.slot,
    propensity: candidate.propensity,
    value: candidate.value,
    context: candidate.context,
    lever: candidate.lever,
    cost: candidate.cost,
    priority: candidate.priority,
    suggestionId: place.suggestionId,
    rank: place.rank,
    intent: place.intent,
    purpose: place.purpose,
    inclusionProbability: place.inclusionProbability,
    expiresAt: place.expiresAt,
  };
  if (candidate.incremental !== undefined) placed.incremental = candidate.incremental;
  if (candidate.correction !== undefined) placed.correction = candidate.correction;
  return placed;
}
