import { arbitrate } from './arbitration/arbitrate.js';
import { certaintyOf } from './arbitration/certainty.js';
import { explore } from './arbitration/explore.js';
import { fillPlaces } from './arbitration/fill-places.js';
import type { Considered } from './candidates/considered.js';
import { applyContactPolicy, policyOf } from './candidates/contact-policy.js';
import { proposeCandidates } from './candidates/propose.js';
import { type CompiledWorld, compileWorld } from './compiled-world.js';
import { decide } from './decisions/decide.js';
import { packArms } from './decisions/inputs-of-arms.js';
import type { Answer, Request } from './request.js';
import { modelFor, type Proposal, score } from './scoring/score.js';
import type { World } from './situation.js';
import { chooseSlots } from './slots/choose-slots.js';

/** Accounts whose candidates are held at a time: few enough that they are gone before memory is swept. */
export const BATCH = 16;

/**
 * What to do next for each account: a pure function of what is known, what is allowed, the time and the seed. Answers
 * are in the order of the requests.
 */
export function recommend(requests: readonly Request[], world: World): Answer[] {
  const compiled = compileWorld(world);
  const answers: Answer[] = [];
  for (let from = 0; from < requests.length; from += BATCH) {
    answers.push(...recommendBatch(requests.slice(from, from + BATCH), compiled));
  }
  return answers;
}

function recommendBatch(requests: readonly Request[], compiled: CompiledWorld): Answer[] {
  const proposals = requests.map((request) => {
    const policy = policyOf(request, compiled.world);
    const candidates = applyContactPolicy(
      proposeCandidates(request, compiled),
      policy,
      request.question.role,
    );
    chooseSlots(candidates, request, policy, compiled);
    return { request, policy, candidates, model: modelFor(request, compiled) };
  });
  score(proposals, compiled);
  return proposals.map((proposal) => answer(proposal, compiled));
}

function answer(proposal: Proposal, compiled: CompiledWorld): Answer {
  const { request, candidates } = proposal;
  const ranked = arbitrate(candidates);
  const certainty = (arms: readonly Considered[]) => certaintyOf(arms, proposal.model);
  const draw = explore(ranked, compiled.world.exploration, request.seed, packArms, certainty);
  const first = draw.arms[draw.chosen] ?? null;
  const places = first ? fillPlaces(first, ranked, request.question.limit) : [];
  return decide(proposal, draw, places, compiled);
}
