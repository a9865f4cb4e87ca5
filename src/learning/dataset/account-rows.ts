import type { AccountDossier, Catalogue } from '../../catalogue/index.js';
import { type FeatureSet, replay, timeZonesOf } from '../../features/index.js';
import {
  type AttributableEvent,
  type CompiledOutcome,
  type CreditableTouch,
  labelsOf,
  type Outcome,
  productOf,
  touchesToCredit,
} from '../../outcomes/index.js';
import {
  accountInputs,
  candidateInputs,
  type CandidateInputs,
  candidateKeys,
  type CandidateKeys,
  type InputSchema,
} from '../../recommender/index.js';
import type { DatasetRow } from './dataset.js';
import type { ServedInputs } from './served-inputs.js';

/** What is the same for every account. */
export interface RowMaking {
  catalogue: Catalogue;
  featureSet: FeatureSet;
  schema: InputSchema;
  outcomes: readonly CompiledOutcome[];
  /** IANA zone where neither contact nor account has one. */
  timeZone: string;
  asOf: Date;
}

/** Everything of one account that its rows are made from. */
export interface AccountPast {
  dossier: AccountDossier;
  events: readonly AttributableEvent[];
  reported: readonly Outcome[];
  /** Inputs as they were served with the decision that led to a touch; undefined where none did. */
  served(touch: CreditableTouch): ServedInputs | undefined;
}

/**
 * One row a touch with an observed outcome: the inputs that were served with its decision, else what was known just
 * before it, replayed from the events; and whether each outcome followed.
 */
export function accountRows(making: RowMaking, past: AccountPast): DatasetRow[] {
  const { catalogue, outcomes, asOf } = making;
  const touches = touchesToCredit(past.events, catalogue);
  const labels = labelsOf(touches, past.events, past.reported, outcomes, asOf);
  const wanted = touches.flatMap((touch, place) => {
    const own = labels[place];
    const keys = keysOf(touch, catalogue);
    return own && keys && own.some((label) => !Number.isNaN(label)) ? [{ touch, labels: own, keys }] : [];
  });
  const rows: DatasetRow[] = [];
  const timeZoneOf = timeZonesOf(past.dossier, making.timeZone);
  const moments = wanted.map(({ touch }) => ({ at: touch.at, contactId: touch.contactId }));
  replay(making.featureSet, past.events, moments, timeZoneOf, (readout, place) => {
    const row = wanted[place];
    if (!row) return;
    const { touch, keys } = row;
    const served = past.served(touch);
    const { schema, featureSet } = making;
    const inputs = served?.account ?? accountInputs(schema, past.dossier, touch.contactId, readout, touch.at);
    const candidate: CandidateInputs = served
      ? { ...keys, crosses: served.crosses }
      : candidateInputs(schema, featureSet.definitions, keys, readout);
    rows.push({
      accountId: past.dossier.account.accountId,
      at: touch.at,
      inputs,
      candidate,
      labels: row.labels,
    });
  });
  return rows;
}

/** Undefined where the catalogue no longer has the action or the channel. */
function keysOf(touch: CreditableTouch, catalogue: Catalogue): CandidateKeys | undefined {
  const action = catalogue.actions.get(touch.actionId);
  const channel = catalogue.channels.get(touch.channelId);
  if (!action || !channel) return undefined;
  const productId = productOf(touch);
  const product = productId === null ? null : (catalogue.products.get(productId) ?? null);
  const treatments = catalogue.treatments.get(touch.actionId) ?? [];
  const treatment = treatments.find(({ treatmentId }) => treatmentId === touch.treatmentId) ?? null;
  return candidateKeys(action, product, channel, treatment);
}
