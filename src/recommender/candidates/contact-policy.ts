import type { Contact, ContactId } from '../../catalogue/index.js';
import {
  compileContactPolicy,
  type CompiledContactPolicy,
  type IntendedTouch,
} from '../../contact-policy/index.js';
import type { CompiledWorld } from '../compiled-world.js';
import type { Request } from '../request.js';
import { type Considered, contactsOf } from './considered.js';
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
  candidates: readonly Considered[],
  policy: CompiledContactPolicy,
  viewerRole: Request['question']['role'],
): readonly Considered[] {
  for (const candidate of candidates) {
    if (candidate.refusal) continue;
    candidate.touch = touchOf(candidate, viewerRole);
    candidate.refusal = policy.check(candidate.touch) ?? null;
  }
  return candidates;
}

/** The touch that a candidate would become. */
export function touchOf(
  { variant: { offer }, view, performedBy }: Pick<Considered, 'variant' | 'view' | 'performedBy'>,
  viewerRole: IntendedTouch['viewerRole'],
): IntendedTouch {
  const { action, channel, product } = offer;
  return {
    contactId: view.contact.contactId,
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
