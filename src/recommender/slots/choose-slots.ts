import type { CompiledContactPolicy, IntendedTouch, Refusal } from '../../contact-policy/index.js';
import { evenWeek, weekOf, type WeekProfiles } from '../../insights/index.js';
import { addDays } from '../../shared/index.js';
import type { Offer, Variant } from '../candidates/compiled-catalogue.js';
import type { ContactCandidates } from '../candidates/contact-candidates.js';
import { touchOf } from '../candidates/contact-policy.js';
import type { ContactView } from '../candidates/considered.js';
import type { CompiledWorld } from '../compiled-world.js';
import type { Request } from '../request.js';
import type { PropensityModel } from '../scoring/propensity-model.js';
import type { AvoidedHours } from '../situation.js';
import { addedIn, BestFirst, DAILY_PATIENCE, DAILY_PATIENCE_IN_NEED, ResponseHours } from './rank-slots.js';
import { SLOT_DAYS, type SlotWindow } from './windows.js';

/** A window, or why there is none. */
type Chosen = { slot: SlotWindow; refusal: null } | { slot: null; refusal: Refusal };

/** What was learned of the hours in which an offer is carried out; null: nothing. */
type LearnedHours = Float64Array | null;

/**
 * Gives every candidate the best window that its channel, its action's validity and the contact policy admit; one
 * without any is refused by the rule that forbade the best of them. Consent and quiet hours see contact, channel and
 * purpose; product and topic too where a consent names one. What the model has learned of the hours counts with the
 * contact's own.
 */
export function chooseSlots(
  candidates: readonly ContactCandidates[],
  request: Request,
  policy: CompiledContactPolicy,
  model: PropensityModel,
  compiled: CompiledWorld,
): void {
  for (const ofContact of candidates) chooseForContact(ofContact, request, policy, model, compiled);
}

function chooseForContact(
  candidates: ContactCandidates,
  request: Request,
  policy: CompiledContactPolicy,
  model: PropensityModel,
  compiled: CompiledWorld,
): void {
  const { columns, view, places, refusalOf, slots, moment } = candidates;
  const slotsOf = slotsByChannel(candidates, request, compiled);
  const last = addDays(request.at, SLOT_DAYS + 1).getTime();
  const chosen: ({ choice: Chosen; learned: LearnedHours } | undefined)[] = [];
  const days = compiled.world.slotDays ?? SLOT_DAYS;
  const learnedOf: LearnedHours[] = [];
  for (let index = 0; index < candidates.count; index += 1) {
    const place = places[index] as number;
    if (refusalOf[place] !== 0) continue;
    const cell = columns.cellOf[place] as number;
    const own = policy.consentNamesOffers || (columns.validUntil[place] as number) < last;
    const variant = columns.variants[place] as Variant;
    const response = columns.responseOf[place] as number;
    let learned = learnedOf[response];
    if (learned === undefined) {
      learned = model.hoursOf(variant.keys.outcomeId, variant.keys.channelId);
      learnedOf[response] = learned;
    }
    const known = own ? undefined : chosen[cell];
    let choice = known?.learned === learned ? known.choice : undefined;
    if (!choice) {
      const touch = touchOf(variant, view, candidates.performer(place), request.question.role);
      const windows = slotsOf(columns.channelOf[place] as number, learned);
      choice = choose(variant.offer, touch, windows, policy, days);
      if (!own) chosen[cell] = { choice, learned };
    }
    if (choice.slot) {
      slots[place] = choice.slot;
      if (learned) moment[place] = addedIn(learned, choice.slot);
    } else candidates.refuse(place, choice.refusal);
  }
}

function choose(
  { action, channel }: Offer,
  touch: IntendedTouch,
  slots: BestFirst,
  policy: CompiledContactPolicy,
  days: number,
): Chosen {
  const { validUntil } = action;
  let first: Refusal | undefined;
  for (let place = 0, window = slots.at(0); window; window = slots.at((place += 1))) {
    if (validUntil !== null && window.from >= validUntil) continue;
    const refusal = policy.allowedAt(touch, window);
    if (!refusal) return { slot: window, refusal: null };
    first ??= refusal;
  }
  return { slot: null, refusal: first ?? noHours(channel.name, days) };
}

function noHours(channel: string, days: number): Refusal {
  const because = `${channel} has no hours left within ${days === 1 ? 'the day' : `${days} days`}.`;
  return { rule: 'quiet-hours', ruleId: null, because, until: null };
}

/** Windows of one contact by number of the channel, the best first; looked up once for all actions. */
function slotsByChannel(
  { columns, view }: ContactCandidates,
  { question, situation, at }: Request,
  { calendar, hours, world }: CompiledWorld,
): (channel: number, learned: LearnedHours) => BestFirst {
  const patience = question.context.need === undefined ? DAILY_PATIENCE : DAILY_PATIENCE_IN_NEED;
  const avoided = avoidedBy(situation.avoidedHours, view.contact.contactId);
  const known: ({ windows: BestFirst; learned: LearnedHours } | undefined)[] = [];
  const days = world.slotDays ?? SLOT_DAYS;
  let response: ResponseHours | undefined;
  return (number, learned) => {
    const before = known[number];
    if (before?.learned === learned) return before.windows;
    const channel = columns.channels[number];
    if (!channel) throw new RangeError(`There is no channel ${number} of ${columns.channels.length}`);
    if (known.length === 0) {
      response = hoursOf(view, situation.dossier.account.segment, hours, world);
    }
    const open = calendar.windows(channel, view.timeZone, at, days);
    const windows = new BestFirst(open, response, patience, avoided, learned);
    known[number] = { windows, learned };
    return windows;
  };
}

const usual = new WeakMap<WeekProfiles, Map<string | null, ResponseHours>>();

/**
 * A contact's hours: its own events drawn towards what is usual in its segment, the more the fewer they are. Where
 * nothing is usual yet, towards an even week; undefined where nothing is known at all.
 */
function hoursOf(
  { readout }: ContactView,
  segment: string | null,
  histogram: string | null,
  { hours }: CompiledWorld['world'],
): ResponseHours | undefined {
  const shares = histogram === null ? undefined : readout.histogram(histogram);
  if (!shares && !hours) return undefined;
  const profiles = hours ?? evenWeek;
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
