import { prioritise } from '../arbitration/arbitrate.js';
import type { ContactCandidates } from '../candidates/contact-candidates.js';
import type { CompiledWorld } from '../compiled-world.js';
import { inHoldout } from '../holdout.js';
import type { Request } from '../request.js';
import type { World } from '../situation.js';
import { accountInputs } from './account-inputs.js';
import type { IncrementalHead } from './incremental-head.js';
import type { InputSchema, PropensityModel } from './propensity-model.js';
import { inputsAt, type VariantCase } from './variant-case.js';

const NOTHING_READ: InputSchema = { featureSet: '', numbers: [], categories: [], crosses: [] };

/** Fills propensity and priority of every candidate that may be made: one call of the model for each contact. */
export function score(
  candidates: readonly ContactCandidates[],
  { situation, at }: Request,
  model: PropensityModel,
  { catalogue, world }: CompiledWorld,
): void {
  const schema = model.inputSchema ?? NOTHING_READ;
  const crosses = catalogue.crossesFor(schema);
  const incremental = incrementalFor(model, world);
  for (const ofContact of candidates) {
    const open = ofContact.open();
    if (open.length === 0) continue;
    const { view, columns } = ofContact;
    const account = accountInputs(schema, situation.dossier, view.contact.contactId, view.readout, at);
    view.inputs = account;
    const variants = crosses.of(columns);
    const values = variants.cells.read(view.readout);
    ofContact.crosses = { variants, values };
    const { propensity: propensities, correction: corrections, moment: moments } = ofContact;
    const own = { account, variants, values, open, propensities, corrections, moments };
    model.scoreVariants(own);
    if (incremental) ofContact.incremental = effectsOf(own, incremental);
    prioritise(ofContact, open);
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

/** By place, what the head says of the open ones. */
function effectsOf(
  { account, variants, values, open, propensities }: VariantCase,
  head: IncrementalHead,
): Float32Array {
  const candidates = Array.from(open, (place) => inputsAt(variants, values, place));
  const effects = head.effects(
    { account, candidates },
    Float32Array.from(open, (place) => propensities[place] as number),
  );
  const byPlace = new Float32Array(propensities.length);
  open.forEach((place, index) => (byPlace[place] = effects[index] as number));
  return byPlace;
}
