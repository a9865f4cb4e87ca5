import type { ChannelId, ProductId } from '../catalogue/index.js';
import type { EventProperties } from '../events/index.js';
import { type ConsentStatement, consentAllows } from '../consent/index.js';
import { drawIndex, integerBelow, pick, type Rng } from '../shared/index.js';
import { type Plan, plans } from './actions.js';
import { answer } from './answers.js';
import { type Calendar, clock, Diary, left, type LocalDay } from './diary.js';
import { factOf, type Life, type TrueTouch } from './life.js';
import { type ChannelName, channels, medicines, type Topic, topics } from './offering.js';
import type { Doctor } from './people.js';
import { orderOwn, readAboutInterests } from './reading.js';
import { type Approach, type Mind, trueProbability } from './truth.js';
import { tonesOn } from './wording.js';

export const TOUCHES_A_DAY = 0.27;
/** Share of touches that follow what was read lately; the others are drawn, so that a model sees everything tried. */
const RESPONSIVE_SHARE = 0.35;
const NOTICED = 0.35;
const PREFERRED = 6;

/** One doctor's history over the days of the calendar. */
export function liveThrough(
  doctor: Doctor,
  statements: readonly ConsentStatement[],
  calendar: Calendar,
  rng: Rng,
): Life {
  const life: Life = {
    doctor,
    mind: freshMind(doctor, rng),
    diary: new Diary(doctor, calendar.until),
    rng,
    facts: statements.map((statement, index) => factOf(doctor, statement, `told-${index}`)),
    touches: [],
    count: 0,
    complaintEnds: null,
    talkingUntil: new Date(0),
  };
  for (const day of calendar.daysOf(doctor)) liveADay(life, day);
  return life;
}

function freshMind(doctor: Doctor, rng: Rng): Mind {
  const zero = Object.fromEntries(topics.map((topic) => [topic, 0])) as Record<Topic, number>;
  const need = Object.fromEntries(medicines.map(({ id }) => [id, 0]));
  return { interest: zero, need, fatigue: 0, warmth: 0.1 + 0.4 * rng.next(), complaining: false };
}

function liveADay(life: Life, day: LocalDay): void {
  passADay(life, day);
  if (!day.rest && life.rng.next() < TOUCHES_A_DAY) touch(life, day);
}

/** What happens on a day by itself: moods fade, pages are read, orders are placed. */
export function passADay(life: Life, day: LocalDay): void {
  const { mind } = life;
  for (const topic of topics) mind.interest[topic] = left(mind.interest[topic], 1, 3);
  for (const { id } of medicines) mind.need[id] = left(mind.need[id] ?? 0, 1, 7);
  mind.fatigue = left(mind.fatigue, 1, 7);
  mind.warmth = left(mind.warmth, 1, 90);
  readAboutInterests(life, day);
  orderOwn(life, day);
}

/** The history's own policy, partly by chance: an approach at some hour, when consent and conversations allow it. */
function touch(life: Life, day: LocalDay): void {
  const { rng } = life;
  const hour = 9 + integerBelow(rng, 9);
  const at = clock(day, hour + rng.next() * 0.9);
  const option = chooseAllowed(life, at);
  if (!option || at.getTime() > life.diary.until.getTime()) return;
  const tone = pick(rng, tonesOn(option.channel));
  carryOut(life, { ...option, tone, hour, weekday: day.weekday }, at, day);
}

/** A touch as the doctor takes it: what comes of it by chance, and what it leaves behind. `named` goes into its events. */
export function carryOut(
  life: Life,
  approach: Approach,
  at: Date,
  day: LocalDay,
  named: EventProperties = {},
): TrueTouch {
  const { rng, mind } = life;
  const probability = trueProbability(life.doctor.taste, mind, approach);
  const happened = {
    responded: rng.next() < probability.responded,
    ordered: rng.next() < probability.ordered,
  };
  life.count += 1;
  const touchId = named.touchId ?? `${life.doctor.contact.contactId}-touch-${life.count}`;
  const { plan, channel } = approach;
  const made: TrueTouch = {
    touchId,
    contactId: life.doctor.contact.contactId,
    plan,
    channel,
    at,
    probability,
    happened,
  };
  life.touches.push(made);
  answer(life, approach, made, day, named);
  mind.fatigue += 1;
  if (happened.responded) mind.warmth = Math.min(1, mind.warmth + 0.12);
  return made;
}

interface Option {
  plan: Plan;
  channel: ChannelName;
}

const DRAWS = 12;

/** Drawn by weight among what suits, and drawn again where consent says no. */
function chooseAllowed(life: Life, at: Date): Option | null {
  const options = plans
    .filter((plan) => suits(life, plan, at))
    .flatMap((plan) => plan.channels.map((channel) => ({ plan, channel })));
  const weights = options.map((option) => weightOf(life, option));
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const option = options[drawIndex(life.rng, weights)];
    if (option && allowed(life, option, at)) return option;
  }
  return null;
}

function suits({ doctor, mind, talkingUntil }: Life, plan: Plan, at: Date): boolean {
  if (plan.medicine && !plan.medicine.specialties.includes(doctor.specialty)) return false;
  if (mind.complaining && (plan.purpose === 'sales' || plan.purpose === 'marketing')) return false;
  return !(plan.purpose === 'marketing' && at < talkingUntil);
}

function allowed({ facts }: Life, { plan, channel }: Option, at: Date): boolean {
  const channelId = channel as string as ChannelId;
  const channelConsent = channels.find((known) => known.channelId === channelId)?.consent ?? 'opt-in';
  const productIds = plan.medicine ? [plan.medicine.id as ProductId] : [];
  const question = { channelId, channelConsent, purpose: plan.purpose, productIds, topics: [plan.topic] };
  return consentAllows(facts, question, at).allowed;
}

/** How often the history uses each channel for an action that it could carry. */
const usual: Record<ChannelName, number> = {
  visit: 0.6,
  call: 0.7,
  email: 2,
  web: 0.8,
  webinar: 1.3,
  sms: 1.4,
  letter: 0.5,
};

/** Managers prefer what was read about lately. */
function weightOf({ mind, rng }: Life, { plan, channel }: Option): number {
  const wanted = plan.medicine ? (mind.need[plan.medicine.id] ?? 0) : 0;
  const noticed = mind.interest[plan.topic] > NOTICED || wanted > NOTICED;
  return noticed && rng.next() < RESPONSIVE_SHARE ? usual[channel] * PREFERRED : usual[channel];
}
