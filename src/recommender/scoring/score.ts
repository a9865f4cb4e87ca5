import type { CompiledContactPolicy } from '../../contact-policy/index.js';
import { inHoldout } from '../holdout.js';
import type { Considered, ContactView } from '../candidates/considered.js';
import type { CompiledWorld } from '../compiled-world.js';
import { prioritise } from '../arbitration/arbitrate.js';
import type { Request } from '../request.js';
import type { World } from '../situation.js';
import { accountInputs } from './account-inputs.js';
import type { CandidateKeys } from './candidate-inputs.js';
import type { IncrementalHead } from './incremental-head.js';
import type { CandidateInputs, InputSchema, PropensityModel, ScoringCase } from './propensity-model.js';

/** The candidates of one account on their way through the pipeline. */
export interface Proposal {
  request: Request;
  policy: CompiledContactPolicy;
  candidates: readonly Considered[];
  /** The model that answers this account. */
  model: PropensityModel;
}

const NOTHING_READ: InputSchema = { featureSet: '', numbers: [], categories: [], crosses: [] };

/**
 * Fills propensity and priority of every candidate that may be made: one call of each model for the whole batch, one
 * case for each contact.
 */
export function score(proposals: readonly Proposal[], compiled: CompiledWorld): void {
  const batches = new Map<PropensityModel, { cases: ScoringCase[]; candidates: Considered[][] }>();
  for (const { request, candidates, model } of proposals) {
    const batch = batches.get(model) ?? { cases: [], candidates: [] };
    batches.set(model, batch);
    for (const ofContact of byContact(candidates)) {
      batch.cases.push(caseOf(request, ofContact, model, compiled));
      batch.candidates.push(ofContact);
    }
  }
  for (const [model, { cases, candidates }] of batches) {
    const corrections: Float32Array[] = [];
    const scores = model.score(cases, corrections);
    const incremental = incrementalFor(model, compiled.world);
    candidates.forEach((ofContact, index) => {
      const propensities = scores[index];
      const added = corrections[index];
      if (propensities?.length !== ofContact.length) {
        throw new Error(
          `${model.name} ${model.version} gave ${propensities?.length ?? 0} scores for ${ofContact.length}`,
        );
      }
      const effects = incremental?.effects(cases[index] as ScoringCase, propensities);
      for (let place = 0; place < ofContact.length; place += 1) {
        const candidate = ofContact[place] as Considered;
        candidate.propensity = propensities[place] as number;
        if (added) candidate.correction = added[place] as number;
        if (effects) candidate.incremental = effects[place] as number;
        candidate.priority = prioritise(candidate);
      }
    });
  }
}

/** Which model answers: the holdout is served the declared rules. */
export function modelFor(request: Request, { world }: CompiledWorld): PropensityModel {
  const { accountId } = request.situation.dossier.account;
  return inHoldout(accountId, { salt: world.salt, share: world.holdoutShare }) ? world.baseline : world.model;
}

/** The head by which all candidates of a model are valued; null: by propensity. The declared rules have none. */
export function incrementalFor(model: PropensityModel, world: World): IncrementalHead | null {
  const head = world.incremental;
  return head && model !== world.baseline && head.reads(model.inputSchema) ? head : null;
}

function byContact(candidates: readonly Considered[]): Considered[][] {
  const groups = new Map<ContactView, Considered[]>();
  for (const candidate of candidates) {
    if (candidate.refusal) continue;
    const group = groups.get(candidate.view);
    if (group) group.push(candidate);
    else groups.set(candidate.view, [candidate]);
  }
  return [...groups.values()];
}

function caseOf(
  { situation, at }: Request,
  candidates: readonly Considered[],
  model: PropensityModel,
  { catalogue }: CompiledWorld,
): ScoringCase {
  const schema = model.inputSchema ?? NOTHING_READ;
  const [first] = candidates;
  if (!first) throw new Error('A case has at least one candidate');
  const { view } = first;
  const account = accountInputs(schema, situation.dossier, view.contact.contactId, view.readout, at);
  view.inputs = account;
  const crosses = catalogue.crossesFor(schema);
  // all cells are made before any is read
  for (const { variant } of candidates) crosses.placesOf(variant);
  const values = crosses.cells.read(view.readout);
  // one piece of memory for all candidates: hundreds of small ones cost more than what is in them
  const width = schema.crosses.length;
  const rows = new Float32Array(candidates.length * width);
  const inputs: CandidateInputs[] = [];
  for (let index = 0; index < candidates.length; index += 1) {
    const candidate = candidates[index] as Considered;
    const own = new Float32Array(rows.buffer, index * width * rows.BYTES_PER_ELEMENT, width);
    crosses.cells.crossesAt(crosses.placesOf(candidate.variant), values, own);
    inputs.push((candidate.inputs = inputsOf(candidate.variant.keys, own)));
  }
  return { account, candidates: inputs };
}

/** Field by field: all candidates are then of one shape, which spreading does not promise. */
function inputsOf(keys: CandidateKeys, crosses: Float32Array): CandidateInputs {
  return {
    actionId: keys.actionId,
    channelId: keys.channelId,
    treatmentId: keys.treatmentId,
    productId: keys.productId,
    topics: keys.topics,
    intent: keys.intent,
    purpose: keys.purpose,
    outcomeId: keys.outcomeId,
    channelKind: keys.channelKind,
    crosses,
  };
}
