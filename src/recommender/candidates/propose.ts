import type { Account, Contact, MemberId, Role } from '../../catalogue/index.js';
import type { Refusal } from '../../contact-policy/index.js';
import type { CompiledWorld } from '../compiled-world.js';
import type { Request } from '../request.js';
import { type Resting, suggestionKey, type World } from '../situation.js';
import { valueFor } from '../scoring/value.js';
import { refusedByAddress } from './address.js';
import { ChosenProducts } from './chosen-products.js';
import type { CompiledCatalogue, Variant } from './compiled-catalogue.js';
import { type ContactView, contactsOf, type Performer, tiers } from './considered.js';
import { ContactCandidates } from './contact-candidates.js';
import { JustMet, MomentOf } from './context.js';
import { EligibilityCheck } from './eligibility.js';
import { factorOf, loweringsOfOffer } from './lowered.js';

/** Contacts of one account that a decision considers; of a larger account, those with the latest ids are left out. */
export const MOST_CONTACTS = 50;

/**
 * All that could be done next: actions valid now, each with one of its products and the words for the contact's
 * language × contacts × the action's channels. Those on which the contact cannot be reached, or that make no sense here,
 * stay among them, with the reason.
 */
export function proposeCandidates(request: Request, compiled: CompiledWorld): ContactCandidates[] {
  const { world } = compiled;
  const { dossier, state, published } = request.situation;
  const performers = performersOf(dossier.team);
  const asked = request.question.contactId;
  return contactsOf(dossier)
    .filter(({ contactId }) => asked === null || contactId === asked)
    .slice(0, MOST_CONTACTS)
    .map((contact) => {
      const readout = world.featureSet.read(state, contact.contactId, request.at, published);
      const view: ContactView = { contact, timeZone: timeZoneOf(contact, dossier.account, world), readout };
      return ofContact(view, request, compiled, performers);
    });
}

function ofContact(
  view: ContactView,
  request: Request,
  { catalogue, choosing, met }: CompiledWorld,
  performers: Performers,
): ContactCandidates {
  const { at, question, situation } = request;
  const { contact } = view;
  const columns = catalogue.variants(contact.locale ?? situation.dossier.account.locale);
  const { channels, channelOf, validFrom, validUntil, variants } = columns;
  const candidates = ContactCandidates.of(
    columns,
    view,
    channels.map((channel) => performers(channel.performedBy)),
  );
  const moment = new MomentOf(question.context, new JustMet(met, view.readout));
  const chosen = new ChosenProducts(choosing, view.readout, question.context.productId);
  const admitted = channels.map((channel) => moment.admits(channel));
  const lowered = situation.lowerings?.length ? situation.lowerings : null;
  const plain = moment.isNeutral && lowered === null;
  const now = at.getTime();
  for (let place = 0; place < columns.count; place += 1) {
    if (now < (validFrom[place] as number) || now >= (validUntil[place] as number)) continue;
    if (!admitted[channelOf[place] as number]) continue;
    if (columns.manyProducts[place] && !chosen.admits((variants[place] as Variant).offer)) continue;
    if (plain) {
      candidates.add(place, columns.tier(place), 1);
      continue;
    }
    const { offer } = variants[place] as Variant;
    const fit = moment.fit(offer);
    const own = lowered && loweringsOfOffer(lowered, offer, contact.contactId);
    if (own) candidates.lowered[place] = own;
    const tier = columns.mandatory[place] || !fit.answersNeed ? columns.tier(place) : tiers.need;
    candidates.add(place, tier, own ? fit.factor * factorOf(own) : fit.factor);
  }
  if (columns.gaining) {
    candidates.value = Float32Array.from(variants, ({ offer }) => valueFor(offer, view.readout));
  }
  refuseWhatMakesNoSense(candidates, request, catalogue);
  return candidates;
}

/**
 * Asks for an address once a channel, each question of eligibility once, and whether somebody has accepted or put off the
 * very same.
 */
function refuseWhatMakesNoSense(
  candidates: ContactCandidates,
  { at, situation }: Request,
  { catalogue, featuresNamed }: CompiledCatalogue,
): void {
  const { columns, view } = candidates;
  const { account } = situation.dossier;
  const resting = situation.resting?.size ? situation.resting : null;
  const check = new EligibilityCheck(account, view.contact, view.readout, at, catalogue, featuresNamed);
  const unreachable = columns.channels.map((channel) =>
    candidates.numberOf(refusedByAddress(view.contact, channel)),
  );
  const answers: (number | undefined)[] = [];
  for (let index = 0; index < candidates.count; index += 1) {
    const place = candidates.places[index] as number;
    const variant = columns.variants[place] as Variant;
    const question = columns.eligibilityOf[place] as number;
    let answer = unreachable[columns.channelOf[place] as number] as number;
    if (answer === 0 && question >= 0) {
      answer = answers[question] ??= candidates.numberOf(check.refusal(variant.offer));
    }
    if (answer === 0 && resting) answer = candidates.numberOf(restingRefusal(variant, view, resting, at));
    candidates.refusalOf[place] = answer;
  }
}

type Performers = (role: Role | 'automatic') => Performer;

/** Who does it: the member of the account's team with the channel's role; nobody in particular where there is none. */
function performersOf(team: readonly { memberId: MemberId; role: Role }[]): Performers {
  const known = new Map<Role | 'automatic', Performer>();
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
  resting: ReadonlyMap<string, Resting>,
  at: Date,
): Refusal | null {
  const rest = resting.get(suggestionKey({ ...keys, contactId: contact.contactId }));
  if (!rest || (rest.until !== null && rest.until <= at)) return null;
  const because = rest.state === 'accepted' ? 'It is accepted already and under way.' : 'It was put off.';
  return { rule: 'cool-down', ruleId: null, because, until: rest.until };
}
