import type { Channel } from '../../catalogue/index.js';
import type { CompiledContactPolicy, Refusal } from '../../contact-policy/index.js';
import { weekOf, type WeekProfiles } from '../../insights/index.js';
import { addDays } from '../../shared/index.js';
import type { Considered, ContactView } from '../candidates/considered.js';
import type { CompiledWorld } from '../compiled-world.js';
import type { Request } from '../request.js';
import type { AvoidedHours } from '../situation.js';
import { BestFirst, DAILY_PATIENCE, DAILY_PATIENCE_IN_NEED, ResponseHours } from './rank-slots.js';
import { SLOT_DAYS } from './windows.js';

type Chosen = Pick<Considered, 'slot' | 'refusal'>;

/**
 * Gives every candidate the best window that its channel, its action's validity and the contact policy admit; one
 * without any is refused by the rule that forbade the best of them. Consent and quiet hours see contact, channel and
 * purpose; product and topic too where a consent names one.
 */
export function chooseSlots(
  candidates: readonly Considered[],
  request: Request,
  policy: CompiledContactPolicy,
  compiled: CompiledWorld,
): void {
  const channelsOf = slotsByChannel(request, compiled);
  const scoped = request.situation.consents.some(
    ({ productId, topic }) => productId !== null || topic !== null,
  );
  const last = addDays(request.at, SLOT_DAYS + 1);
  for (const candidate of candidates) {
    if (candidate.refusal) continue;
    const { action } = candidate.variant.offer;
    const { slots, byPurpose } = channelsOf(candidate);
    const own = scoped || (action.validUntil !== null && action.validUntil < last);
    let choice = own ? undefined : byPurpose.get(action.purpose);
    if (!choice) {
      choice = choose(candidate, slots, policy);
      if (!own) byPurpose.set(action.purpose, choice);
    }
    candidate.slot = choice.slot;
    candidate.refusal = choice.refusal;
  }
}

function choose(
  { variant: { offer }, touch }: Considered,
  slots: BestFirst,
  policy: CompiledContactPolicy,
): Chosen {
  if (!touch) throw new Error('The contact policy has not seen this candidate');
  const { validUntil } = offer.action;
  let first: Refusal | undefined;
  for (let place = 0, window = slots.at(0); window; window = slots.at((place += 1))) {
    if (validUntil !== null && window.from >= validUntil) continue;
    const refusal = policy.allowedAt(touch, window);
    if (!refusal) return { slot: window, refusal: null };
    first ??= refusal;
  }
  return { slot: null, refusal: first ?? noHours(offer.channel.name) };
}

function noHours(channel: string): Refusal {
  const because = `${channel} has no hours left within ${SLOT_DAYS} days.`;
  return { rule: 'quiet-hours', ruleId: null, because, until: null };
}

/** Windows of one contact on one channel, and what was chosen of them for each purpose. */
interface ChannelSlots {
  /** The best first. */
  slots: BestFirst;
  byPurpose: Map<string, Chosen>;
}

/** Looked up once for a contact and channel, for all actions. */
function slotsByChannel(
  { question, situation, at }: Request,
  { calendar, hours, world }: CompiledWorld,
): (candidate: Considered) => ChannelSlots {
  const patience = question.context.need === undefined ? DAILY_PATIENCE : DAILY_PATIENCE_IN_NEED;
  const byContact = new Map<
    ContactView,
    {
      hours: ResponseHours | undefined;
      avoided: readonly AvoidedHours[] | undefined;
      byChannel: Map<Channel, ChannelSlots>;
    }
  >();
  return ({ view, variant: { offer } }) => {
    let own = byContact.get(view);
    if (!own) {
      own = {
        hours: hoursOf(view, situation.dossier.account.segment, hours, world),
        avoided: avoidedBy(situation.avoidedHours, view.contact.contactId),
        byChannel: new Map(),
      };
      byContact.set(view, own);
    }
    let channel = own.byChannel.get(offer.channel);
    if (!channel) {
      const { hours: known, avoided } = own;
      const windows = calendar.windows(offer.channel, view.timeZone, at);
      channel = { slots: new BestFirst(windows, known, patience, avoided), byPurpose: new Map() };
      own.byChannel.set(offer.channel, channel);
    }
    return channel;
  };
}

const usual = new WeakMap<WeekProfiles, Map<string | null, ResponseHours>>();

/**
 * A contact's hours: its own events drawn towards what is usual in its segment, the more the fewer they are. Where
 * nothing is usual yet, its own alone; undefined where nothing is known at all.
 */
function hoursOf(
  { readout }: ContactView,
  segment: string | null,
  histogram: string | null,
  { hours: profiles }: CompiledWorld['world'],
): ResponseHours | undefined {
  const shares = histogram === null ? undefined : readout.histogram(histogram);
  if (!profiles) return shares && new ResponseHours(shares);
  if (shares && histogram !== null) {
    const events = readout.histogramEvents(histogram);
    const counts = shares.map((share) => share * events);
    return new ResponseHours(weekOf(profiles, segment, counts));
  }
  const known = usual.get(profiles) ?? new Map<string | null, ResponseHours>();
  usual.set(profiles, known);
  let week = known.get(segment);
  if (!week) known.set(segment, (week = new ResponseHours(weekOf(profiles, segment, null))));
  return week;
}

function avoidedBy(
  hours: readonly AvoidedHours[] | undefined,
  contactId: string,
): readonly AvoidedHours[] | undefined {
  if (!hours || hours.length === 0) return undefined;
  const own = hours.filter((one) => one.contactId === null || one.contactId === contactId);
  return own.length > 0 ? own : undefined;
}
