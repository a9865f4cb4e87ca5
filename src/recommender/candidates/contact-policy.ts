import type { Contact, ContactId } from '../../catalogue/index.js';
import {
  compileContactPolicy,
  type CompiledContactPolicy,
  type IntendedTouch,
  type Refusal,
} from '../../contact-policy/index.js';
import type { CompiledWorld } from '../compiled-world.js';
import type { Request } from '../request.js';
import type { Variant } from './compiled-catalogue.js';
import { contactsOf, type ContactView, type Performer } from './considered.js';
import type { ContactCandidates } from './contact-candidates.js';
import { timeZoneOf } from './propose.js';

/** What consent, rules and history say about any touch of this account, at the time of the decision. */
export function policyOf(
  { situation, at }: Pick<Request, 'situation' | 'at'>,
  world: CompiledWorld['world'],
): CompiledContactPolicy {
  const { dossier, history, consents, budgets } = situation;
  const contacts = new Map(contactsOf(dossier).map((contact) => [contact.contactId, contact]));
  return compileContactPolicy(world.rules, {
    history,
    consents,
    budgets,
    at,
    timeZoneOf: (contactId) => timeZoneOf(contacts.get(contactId), dossier.account, world),
    countryOf: dossier.account.country,
    channelKindOf: (channelId) => world.catalogue.channels.get(channelId)?.kind,
    ...(world.reach ? { reach: world.reach } : {}),
    ownCaps: ownCapsOf(contacts.values()),
  });
}

function ownCapsOf(contacts: Iterable<Contact>): Map<ContactId, number> {
  const caps = new Map<ContactId, number>();
  for (const { contactId, messagesPerWeek } of contacts)
    if (typeof messagesPerWeek === 'number') caps.set(contactId, messagesPerWeek);
  return caps;
}

/** Refuses every candidate that the contact policy forbids, with the rule, the reason and when it lapses. */
export function applyContactPolicy(
  candidates: readonly ContactCandidates[],
  policy: CompiledContactPolicy,
  request: Request,
  { world }: CompiledWorld,
): void {
  const { role } = request.question;
  for (const ofContact of candidates) {
    const { columns, view } = ofContact;
    // nothing that happened to the account binds it: what is left of the rules is the same for all accounts
    const general = policy.isGeneral
      ? columns.generalRefusals(world.rules, role, (variant) => {
          const performedBy = { role: variant.offer.channel.performedBy, memberId: null };
          return policy.refusedByRules(touchOf(variant, view, performedBy, role), false) ?? null;
        })
      : null;
    refuseBy(ofContact, policy, role, general);
  }
}

/** Consent answers for a contact, channel and purpose, unless one names a product or topic; then the rules. */
function refuseBy(
  candidates: ContactCandidates,
  policy: CompiledContactPolicy,
  viewerRole: Request['question']['role'],
  general: readonly (Refusal | null)[] | null,
): void {
  const { columns, view, places, refusalOf } = candidates;
  const consents: (number | undefined)[] = [];
  const numbers = new Map<Refusal, number>();
  for (let index = 0; index < candidates.count; index += 1) {
    const place = places[index] as number;
    if (refusalOf[place] !== 0) continue;
    const variant = columns.variants[place] as Variant;
    const cell = columns.cellOf[place] as number;
    let number = policy.consentNamesOffers ? undefined : consents[cell];
    if (number === undefined) {
      const touch = touchOf(variant, view, candidates.performer(place), viewerRole);
      number = consents[cell] = candidates.numberOf(policy.refusedByConsent(touch));
    }
    if (number === 0) {
      const refusal =
        general && !columns.outOfStock[place]
          ? general[place]
          : policy.refusedByRules(touchOf(variant, view, candidates.performer(place), viewerRole), true);
      if (refusal) {
        number = numbers.get(refusal) ?? candidates.numberOf(refusal);
        numbers.set(refusal, number);
      }
    }
    refusalOf[place] = number;
  }
}

/** The touch that a candidate would become. */
export function touchOf(
  { offer }: Variant,
  { contact }: ContactView,
  performedBy: Performer,
  viewerRole: IntendedTouch['viewerRole'],
): IntendedTouch {
  const { action, channel, product } = offer;
  return {
    contactId: contact.contactId,
    channelId: channel.channelId,
    channelKind: channel.kind,
    channelConsent: channel.consent,
    purpose: action.purpose,
    actionId: action.actionId,
    productIds: offer.productIds,
    topics: offer.topics,
    performedBy: performedBy.role,
    memberId: performedBy.memberId,
    offer: offer.terms,
    mandatory: action.mandatory,
    viewerRole,
    productsAvailable: product ? [product] : NO_PRODUCTS,
  };
}

const NO_PRODUCTS: IntendedTouch['productsAvailable'] = [];
