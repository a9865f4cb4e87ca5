import type { Catalogue } from '../../catalogue/index.js';
import { localHourOfWeek } from '../../features/index.js';
import type { Trial } from '../../outcomes/index.js';
import {
  type AccountInputs,
  type CandidateInputs,
  type CandidateKeys,
  candidateKeys,
  type Decision,
  decodeSnapshot,
  type PropensityModel,
  schemaDigest,
} from '../../recommender/index.js';
import type { InputScales } from './head-inputs.js';

/**
 * What a model says of the suggestion that was carried out, from the inputs that were logged with its decision: its
 * logit, then the inputs. Null where the decision did not log the candidate among its arms, or logged other
 * inputs than the model reads.
 */
export function trialInputs(
  trial: Trial,
  decision: Decision,
  model: PropensityModel,
  { catalogue, scales }: { catalogue: Catalogue; scales: InputScales },
): Float32Array | null {
  const schema = model.inputSchema;
  if (!schema || decision.versions.inputs !== schemaDigest(schema)) return null;
  const read = readInputs(trial, decision, catalogue);
  if (!read) return null;
  const propensity = model.score([{ account: read.account, candidates: [read.candidate] }])[0]?.[0];
  if (propensity === undefined) return null;
  const logit = Math.log(propensity / (1 - propensity));
  const hour = localHourOfWeek(trial.startedAt.getTime(), read.timeZone);
  return scales.pack(logit, read.account, read.candidate.crosses, hour);
}

function readInputs(
  trial: Trial,
  { arms, snapshot }: Decision,
  catalogue: Catalogue,
): { account: AccountInputs; candidate: CandidateInputs; timeZone: string } | null {
  const candidates = arms.flatMap(({ candidate }) => candidate ?? []);
  const place = candidates.findIndex(
    (candidate) =>
      candidate.actionId === trial.actionId &&
      candidate.channelId === trial.channelId &&
      candidate.contactId === trial.contactId &&
      candidate.productId === trial.productId,
  );
  const chosen = candidates[place];
  const action = catalogue.actions.get(trial.actionId);
  const channel = catalogue.channels.get(trial.channelId);
  if (!chosen || !action || !channel) return null;
  const logged = decodeSnapshot(snapshot);
  const arm = logged.arms[place];
  const account = arm && logged.contacts[arm.contact];
  if (!account) return null;
  const product = chosen.productId === null ? null : (catalogue.products.get(chosen.productId) ?? null);
  const treatments = catalogue.treatments.get(trial.actionId) ?? [];
  const treatment = treatments.find(({ treatmentId }) => treatmentId === chosen.treatmentId) ?? null;
  return {
    account,
    timeZone: chosen.slot.timeZone,
    candidate: { ...candidateKeys(action, product, channel, treatment), crosses: arm.crosses },
  };
}

/** What the catalogue says of a trial's action; null where it, or the channel, is gone. */
export function trialKeys(
  { actionId, channelId, productId }: Pick<Trial, 'actionId' | 'channelId' | 'productId'>,
  catalogue: Catalogue,
): CandidateKeys | null {
  const action = catalogue.actions.get(actionId);
  const channel = catalogue.channels.get(channelId);
  if (!action || !channel) return null;
  const product = productId === null ? null : (catalogue.products.get(productId) ?? null);
  return { ...candidateKeys(action, product, channel, null), productId };
}
