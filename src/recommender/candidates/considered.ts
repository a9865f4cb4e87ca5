import type { AccountDossier, Contact, MemberId, Role } from '../../catalogue/index.js';
import type { IntendedTouch, Refusal } from '../../contact-policy/index.js';
import type { FeatureReadout } from '../../features/index.js';
import type { Lowering } from '../situation.js';
import type { AccountInputs, CandidateInputs } from '../scoring/propensity-model.js';
import type { SlotWindow } from '../slots/windows.js';
import type { Variant } from './compiled-catalogue.js';

/** A contact as one decision sees it. */
export interface ContactView {
  contact: Contact;
  /** IANA name: the contact's own, the account's, or the deployment's. */
  timeZone: string;
  readout: FeatureReadout;
  /** Filled when a candidate of the contact comes to be scored. */
  inputs?: AccountInputs;
}

/** A candidate on its way through the pipeline; each stage fills its own fields. */
export interface Considered {
  variant: Variant;
  view: ContactView;
  performedBy: { role: Role | 'automatic'; memberId: MemberId | null };
  /** The touch that it would become; made when the contact policy asks. */
  touch: IntendedTouch | null;
  /** The first rule that says no. */
  refusal: Refusal | null;
  /** Mandatory goes before what answers the customer's need, and that before background. */
  tier: Tier;
  /** Worth of its success with this account. */
  value: number;
  /** Product of the context's factors, and of what lowers it. */
  context: number;
  /** What lowers it; null: nothing. */
  lowered: readonly Lowering[] | null;
  inputs: CandidateInputs | null;
  slot: SlotWindow | null;
  propensity: number;
  /** What outcomes since the model's training add to its logit; absent where nothing was learned. */
  correction?: number;
  /** What suggesting it adds to the chance of its outcome; absent where the catalogue is valued by propensity. */
  incremental?: number;
  priority: number;
}

export const tiers = { background: 0, need: 1, mandatory: 2 } as const;
export type Tier = (typeof tiers)[keyof typeof tiers];

/** Contacts of an account. A person-account without a contact record is its own contact. */
export function contactsOf({ account, contacts }: AccountDossier): readonly Contact[] {
  if (contacts.length > 0 || account.kind !== 'person') return contacts;
  return [
    {
      contactId: account.accountId as string as Contact['contactId'],
      accountId: account.accountId,
      name: account.name,
      email: null,
      phone: null,
      timeZone: account.timeZone,
      locale: account.locale,
      attributes: {},
      stub: account.stub,
    },
  ];
}
