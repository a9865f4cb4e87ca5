import {
  accountInputs,
  CrossCells,
  type Decision,
  type PropensityModel,
  recommend,
  type Request,
  type ScoredCandidate,
  type SuggestionId,
  type World,
} from '../../recommender/index.js';
import {
  type ArmInputs,
  type RescoredArm,
  rescoredArms,
  scoredArms,
} from '../evaluation/off-policy/index.js';
import { modelKey } from '../online/trained-champion.js';
import type { ShadowArm, ShadowDecision } from './shadow-log.js';

/** Nothing that is decided in shadow is ever suggested: these ids are seen by nobody. */
const UNSEEN = 'unseen' as SuggestionId;

/**
 * What a challenger would have decided in the place of the champion: the whole pipeline once more, on the same situation,
 * catalogue, rules, time and seed, and what it gives to each arm that the champion drew from. Pure; throws what the
 * challenger throws.
 */
export function decideBeside(
  { request, decision, world }: { request: Request; decision: Decision; world: World },
  challenger: PropensityModel,
): Omit<ShadowDecision, 'milliseconds'> {
  const { explain: _, ...asked } = request;
  const [made] = recommend([{ ...asked, nextSuggestionId: () => UNSEEN }], { ...world, model: challenger });
  if (!made) throw new Error('One request has one answer');
  const scored =
    rescoredArms(decision, challenger, world.catalogue) ??
    armsUnder(challenger, request, decision, world) ??
    [];
  if (!scored.every(({ propensity }) => propensity >= 0 && propensity <= 1))
    throw new Error('It gave a chance that does not lie in [0, 1]');
  return {
    accountId: decision.accountId,
    decisionId: decision.decisionId,
    version: challenger.version,
    decidedAt: decision.decidedAt,
    champion: decision.versions.model,
    ranking: made.decision.arms.map(({ candidate }) => candidate && shadowArm(candidate)),
    drawn: made.decision.chosen,
    scored,
  };
}

/** Only what the champion decided is compared: the holdout gets the declared rules. */
export function isOfChampion({ versions }: Decision, { model }: World): boolean {
  return versions.model === modelKey(model);
}

function shadowArm(candidate: ScoredCandidate): ShadowArm {
  const { actionId, channelId, contactId, productId, propensity, priority } = candidate;
  return { actionId, channelId, contactId, productId, propensity, priority };
}

/** For a challenger that learned to read other inputs than were logged: they are read from the situation. */
function armsUnder(
  model: PropensityModel,
  { situation, at }: Request,
  decision: Decision,
  { featureSet, catalogue }: World,
): readonly RescoredArm[] | null {
  const schema = model.inputSchema;
  if (!schema) return null;
  const cells = new CrossCells(schema, featureSet.definitions);
  const inputsOfContact = (contactId: ScoredCandidate['contactId']) => {
    const readout = featureSet.read(situation.state, contactId, at, situation.published);
    return { readout, account: accountInputs(schema, situation.dossier, contactId, readout, at) };
  };
  const byContact = new Map<string, ReturnType<typeof inputsOfContact>>();
  return scoredArms(decision, model, catalogue, (_place, keys, { contactId }): ArmInputs => {
    let own = byContact.get(contactId);
    if (!own) byContact.set(contactId, (own = inputsOfContact(contactId)));
    const places = cells.placesOf(keys);
    const crosses = cells.crossesAt(places, cells.read(own.readout));
    return { account: own.account, candidate: { ...keys, crosses } };
  });
}
