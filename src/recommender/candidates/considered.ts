import type { AccountDossier, Contact, MemberId, Role } from '../../catalogue/index.js';
import type { Refusal } from '../../contact-policy/index.js';
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

/** Who does it. */
export interface Performer {
  role: Role | 'automatic';
  memberId: MemberId | null;
}

/** One candidate with all that the pipeline found of it; made of the few that are drawn, placed or explained. */
export interface Considered {
  variant: Variant;
  /** Number of its action on its channel. */
  onChannel: number;
  view: ContactView;
  performedBy: Performer;
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
  /** What the model read; null where it was not scored. */
  inputs: CandidateInputs | null;
  slot: SlotWindow | null;
  propensity: number;
  /** What outcomes since the model's training add to its logit; 0 where nothing was learned. */
  correction: number;
  /** What suggesting it adds to the chance of its outcome; absent where the catalogue is valued by propensity. */
  incremental: number | undefined;
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
