import type { Account, Contact, MemberId, Role } from '../../catalogue/index.js';
import type { Request } from '../request.js';
import { type Resting, suggestionKey, type World } from '../situation.js';
import type { CompiledWorld } from '../compiled-world.js';
import { refusedByAddress } from './address.js';
import { type Considered, type ContactView, contactsOf, tiers } from './considered.js';
import type { Offer, Variant } from './compiled-catalogue.js';
import { ChosenProducts } from './chosen-products.js';
import { JustMet, MomentOf } from './context.js';
import { EligibilityCheck } from './eligibility.js';
import { valueFor } from '../scoring/value.js';
import { factorOf, loweringsOfOffer } from './lowered.js';

/** Contacts of one account that a decision considers; of a larger account, those with the latest ids are left out. */
export const MOST_CONTACTS = 50;

/**
 * All that could be done next: actions valid now, each with one of its products and the words for the contact's
 * language × contacts × the action's channels. Those on which the contact cannot be reached, or that make no sense here,
 * stay among them, with the reason.
 */
export function proposeCandidates(request: Request, compiled: CompiledWorld): Considered[] {
  const { world } = compiled;
  const { dossier, state, published } = request.situation;
  const performers = performersOf(dossier.team);
  const asked = request.question.contactId;
  return contactsOf(dossier)
    .filter(({ contactId }) => asked === null || contactId === asked)
    .slice(0, MOST_CONTACTS)
    .flatMap((contact) => {
      const readout = world.featureSet.read(state, contact.contactId, request.at, published);
      const view: ContactView = { contact, timeZone: timeZoneOf(contact, dossier.account, world), readout };
      return ofContact(view, request, compiled, performers);
    });
}

function ofContact(
  view: ContactView,
  request: Request,
  { catalogue, choosing, met, world }: CompiledWorld,
  performers: Performers,
): Considered[] {
  const { at, question, situation } = request;
  const { account } = situation.dossier;
  const check = new EligibilityCheck(account, view.contact, view.readout, at, world.catalogue.schemas);
  const moment = new MomentOf(question.context, new JustMet(met, view.readout));
  const chosen = new ChosenProducts(choosing, view.readout, question.context.productId);
  const considered: Considered[] = [];
  for (const variant of catalogue.variants(view.contact.locale ?? account.locale)) {
    const { offer } = variant;
    if (!isValid(offer, at) || !moment.admits(offer)) continue;
    if (!chosen.admits(offer)) continue;
    const fit = moment.fit(offer);
    const lowered = loweringsOfOffer(situation.lowerings, offer, view.contact.contactId);
    considered.push({
      variant,
      view,
      performedBy: performers(offer.channel.performedBy),
      touch: null,
      refusal:
        refusedByAddress(view.contact, offer.channel) ??
        check.refusal(offer) ??
        restingRefusal(variant, view, situation.resting, at),
      tier: offer.action.mandatory ? tiers.mandatory : fit.answersNeed ? tiers.need : tiers.background,
      value: valueFor(offer, view.readout),
      context: lowered ? fit.factor * factorOf(lowered) : fit.factor,
      lowered,
      inputs: null,
      slot: null,
      propensity: NaN,
      priority: NaN,
    });
  }
  return considered;
}

function isValid({ action }: Offer, at: Date): boolean {
  return (
    (action.validFrom === null || action.validFrom <= at) &&
    (action.validUntil === null || at < action.validUntil)
  );
}

type Performers = (role: Role | 'automatic') => Considered['performedBy'];

/** Who does it: the member of the account's team with the channel's role; nobody in particular where there is none. */
function performersOf(team: readonly { memberId: MemberId; role: Role }[]): Performers {
  const known = new Map<Role | 'automatic', Considered['performedBy']>();
  return (role) => {
    let performer = known.get(role);
    if (!performer) {
      const memberId =
        role === 'automatic' ? null : (team.find((member) => member.role === role)?.memberId ?? null);
      known.set(role, (performer = { role, memberId }));
    }
    return performer;
  };
}

export function timeZoneOf(
  contact: Contact | undefined,
  account: Account,
  world: Pick<World, 'timeZone'>,
): string {
  return contact?.timeZone ?? account.timeZone ?? world.timeZone;
}

/** What somebody has accepted or put off is not suggested again meanwhile. */
function restingRefusal(
  { keys }: Variant,
  { contact }: ContactView,
  resting: ReadonlyMap<string, Resting> | undefined,
  at: Date,
): Considered['refusal'] {
  if (!resting || resting.size === 0) return null;
  const rest = resting.get(suggestionKey({ ...keys, contactId: contact.contactId }));
  if (!rest || (rest.until !== null && rest.until <= at)) return null;
  const because = rest.state === 'accepted' ? 'It is accepted already and under way.' : 'It was put off.';
  return { rule: 'cool-down', ruleId: null, because, until: rest.until };
}
