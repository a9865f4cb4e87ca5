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
import { modelFor, score } from './scoring/score.js';
import type { World } from './situation.js';
import { chooseSlots } from './slots/choose-slots.js';

/** Accounts that are decided before other work of the process has its turn. */
export const BATCH = 16;

/**
 * What to do next for each account: a pure function of what is known, what is allowed, the time and the seed. Answers
 * are in the order of the requests.
 */
export function recommend(requests: readonly Request[], world: World): Answer[] {
  const compiled = compileWorld(world);
  return requests.map((request) => answer(request, compiled));
}

function answer(request: Request, compiled: CompiledWorld): Answer {
  const policy = policyOf(request, compiled.world);
  const model = modelFor(request, compiled);
  const candidates = proposeCandidates(request, compiled);
  applyContactPolicy(candidates, policy, request, compiled);
  chooseSlots(candidates, request, policy, model, compiled);
  score(candidates, request, model, compiled);
  const ranked = arbitrate(candidates);
  const certainty = (arms: readonly Considered[]) => certaintyOf(arms, model);
  const draw = explore(ranked, compiled.world.exploration, request.seed, packArms, certainty);
  const first = draw.arms[draw.chosen] ?? null;
  const places = first ? fillPlaces(first, ranked, request.question.limit) : [];
  const made = decide({ request, policy, candidates, model }, draw, places, compiled);
  ranked.release();
  for (const ofContact of candidates) ofContact.release();
  return made;
}
