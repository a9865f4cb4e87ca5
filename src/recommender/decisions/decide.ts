import type { Draw } from '../arbitration/explore.js';
import { type Considered, tiers } from '../candidates/considered.js';
import { type CompiledWorld, schemaDigest } from '../compiled-world.js';
import type { Answer, Request } from '../request.js';
import type { ContactCandidates } from '../candidates/contact-candidates.js';
import type { CompiledContactPolicy } from '../../contact-policy/index.js';
import type { PropensityModel } from '../scoring/propensity-model.js';
import { incrementalFor } from '../scoring/score.js';
import { suggestionKey } from '../situation.js';
import type {
  ConsideredCandidate,
  Decision,
  DrawRule,
  NoActionReason,
  Placed,
  ScoredCandidate,
  Suppression,
  Versions,
} from './decision.js';
import { expiryOf } from './expiry.js';
import { placedAt } from './placed.js';

/** What the pipeline found for one request. */
export interface Proposal {
  request: Request;
  policy: CompiledContactPolicy;
  /** One a contact. */
  candidates: readonly ContactCandidates[];
  /** The model that answers this account. */
  model: PropensityModel;
}

/** The immutable record of one answer, from what the pipeline found. */
export function decide(
  proposal: Proposal,
  draw: Draw,
  places: readonly Considered[],
  { world, catalogue }: CompiledWorld,
): Answer {
  const { request, candidates, model } = proposal;
  const { situation, question, at } = request;
  const arms = draw.arms.flatMap((arm) => arm ?? []);
  const decision: Decision = {
    decisionId: request.decisionId,
    accountId: question.accountId,
    question,
    decidedAt: at,
    policyEpoch: situation.policyEpoch,
    stateSequence: situation.stateSequence,
    versions: versionsOf(world, model),
    seed: request.seed,
    draw: drawRule(draw, world.exploration),
    arms: draw.arms.map((arm, index) => ({
      candidate: arm && scored(arm),
      probability: draw.probabilities[index] ?? 0,
    })),
    chosen: draw.chosen,
    suppressed: countByRule(candidates),
    suggestions: places.map((place, index) => placed(place, index, draw, request)),
    noAction: places.length > 0 ? null : { reason: whyNothing(candidates, arms) },
    expiresAt: expiryOf(places, request.at, [proposal.policy.nextChange, catalogue.nextTurn(at)]),
    snapshot: draw.snapshot,
    runId: request.runId,
  };
  return { decision, considered: request.explain ? candidates.flatMap(explained) : null };
}

function versionsOf(world: CompiledWorld['world'], model: Proposal['model']): Versions {
  const incremental = incrementalFor(model, world)?.version;
  return {
    ...(incremental === undefined ? {} : { incremental }),
    catalogue: world.catalogue.version,
    rules: world.rules.version,
    featureSet: world.featureSet.version,
    model: `${model.name}:${model.version}`,
    head: model.headVersion,
    prices: null,
    inputs: model.inputSchema && schemaDigest(model.inputSchema),
  };
}

function drawRule(
  { arms, gamma }: Draw,
  { mode, floor }: DrawRule & { mode: 'squarecb' | 'greedy' },
): DrawRule {
  const [best] = arms;
  return { mode: best?.tier === tiers.mandatory ? 'mandatory' : mode, gamma, floor };
}

function scored({
  variant,
  view,
  performedBy,
  slot,
  propensity,
  correction,
  incremental,
  value,
  context,
  priority,
}: Considered): ScoredCandidate {
  if (!slot) throw new Error('A candidate without a slot came to be ranked');
  const { offer, treatment, keys } = variant;
  const candidate: ScoredCandidate = {
    actionId: keys.actionId,
    productId: keys.productId,
    treatmentId: keys.treatmentId,
    contentId: treatment?.contentId ?? null,
    contactId: view.contact.contactId,
    channelId: keys.channelId,
    performedBy,
    slot: { from: slot.from, to: slot.to, timeZone: view.timeZone },
    propensity: Math.fround(propensity),
    value: Math.fround(value),
    context: Math.fround(context),
    lever: Math.fround(offer.action.lever),
    cost: Math.fround(offer.channel.costPerTouch),
    priority,
  };
  if (correction) candidate.correction = correction;
  if (incremental !== undefined) candidate.incremental = Math.fround(incremental);
  return candidate;
}

function placed(place: Considered, index: number, draw: Draw, request: Request): Placed {
  const candidate = scored(place);
  const { action } = place.variant.offer;
  const ending = action.validUntil?.getTime() ?? Infinity;
  return placedAt(candidate, {
    suggestionId:
      request.situation.openSuggestionIds.get(suggestionKey(candidate)) ?? request.nextSuggestionId(),
    rank: index + 1,
    intent: action.intent,
    purpose: action.purpose,
    inclusionProbability: index === 0 ? (draw.probabilities[draw.chosen] ?? null) : null,
    expiresAt: new Date(Math.min(candidate.slot.to.getTime(), ending)),
  });
}

function countByRule(candidates: readonly ContactCandidates[]): Suppression[] {
  const counts = new Map<Suppression['rule'], number>();
  for (const ofContact of candidates) {
    const byRefusal = new Map<number, number>();
    for (let index = 0; index < ofContact.count; index += 1) {
      const number = ofContact.refusalOf[ofContact.places[index] as number] as number;
      if (number !== 0) byRefusal.set(number, (byRefusal.get(number) ?? 0) + 1);
    }
    for (const [number, count] of byRefusal) {
      const { rule } = ofContact.refusalNumbered(number);
      counts.set(rule, (counts.get(rule) ?? 0) + count);
    }
  }
  return [...counts].map(([rule, count]) => ({ rule, count })).sort((a, b) => b.count - a.count);
}

function whyNothing(candidates: readonly ContactCandidates[], arms: readonly Considered[]): NoActionReason {
  if (candidates.every(({ count }) => count === 0)) return 'nothing-to-do';
  if (arms.length > 0) return 'explored';
  return candidates.some((ofContact) => ofContact.open().length > 0)
    ? 'nothing-worthwhile'
    : 'nothing-allowed';
}

function explained(candidates: ContactCandidates): ConsideredCandidate[] {
  return Array.from(candidates.places.subarray(0, candidates.count), (place) => told(candidates.at(place)));
}

function told(considered: Considered): ConsideredCandidate {
  const { variant, view, propensity, priority, refusal, lowered } = considered;
  const { actionId, channelId } = variant.keys;
  const candidate = {
    actionId,
    channelId,
    contactId: view.contact.contactId,
    ...(lowered ? { lowered: lowered.map(({ factor, because }) => ({ factor, because })) } : {}),
  };
  if (!refusal) return { ...candidate, propensity, priority };
  const { rule, because, until } = refusal;
  return { ...candidate, propensity: null, priority: null, rule, because, until };
}
