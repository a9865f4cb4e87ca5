import type { Plan } from './actions.js';
import type { ChannelName, OutcomeName, Topic } from './offering.js';
import type { Tone } from './wording.js';

/**
 * How the simulated doctors really respond. Known to the simulator alone; a model is compared with it and can at best
 * come near, because taste and passing interest show only through behaviour.
 */

/** Lasting and hidden. Numbers are added to a logit. */
export interface Taste {
  responsiveness: number;
  topics: Readonly<Record<Topic, number>>;
  /** By medicine id. */
  medicines: Readonly<Record<string, number>>;
  channels: Readonly<Record<ChannelName, number>>;
  tone: Tone;
  /** Local hour at which there is time, and the best weekday (1 Monday to 7 Sunday). */
  bestHour: number;
  bestWeekday: number;
}

/** Passing: what moves a doctor at one moment. */
export interface Mind {
  /** 0 to 1 per topic: a burst of interest, announced by reading. */
  interest: Record<Topic, number>;
  /** 0 to 1 per medicine. */
  need: Record<string, number>;
  /** Touches lately, halved every week. */
  fatigue: number;
  /** 0 stranger to 1 partner: grows with every response. */
  warmth: number;
  complaining: boolean;
}

/** One way of being touched, at one local time. */
export interface Approach {
  plan: Plan;
  channel: ChannelName;
  tone: Tone;
  /** 0 to 23. */
  hour: number;
  /** 1 Monday to 7 Sunday. */
  weekday: number;
}

const responseBase: Record<ChannelName, number> = {
  visit: -0.7,
  call: -1.2,
  email: -2.4,
  web: -1.5,
  webinar: -2,
  sms: -2.1,
  letter: -3.1,
};
/** Only these channels carry actions that are meant to bring orders. */
const orderBase: Partial<Record<ChannelName, number>> = { visit: -2.9, call: -3.4, letter: -4.4 };

const INTEREST = 2.4;
const NEED = 1.1;
const FATIGUE = 0.28;
const WARMTH = 1.4;
const USUAL_WARMTH = 0.35;
const COMPLAINT = 1.2;
const LIKED_TONE = 0.4;
const GOOD_HOUR = 0.5;
const HOURS_AROUND = 3;
const GOOD_DAY = 0.3;

/** True chance that this approach is answered, and (for actions that are to bring orders) that it brings one. */
export function trueProbability(taste: Taste, mind: Mind, approach: Approach): Record<OutcomeName, number> {
  const { plan, channel } = approach;
  const fit =
    taste.responsiveness +
    taste.topics[plan.topic] +
    taste.channels[channel] +
    medicineTaste(taste, plan) +
    INTEREST * mind.interest[plan.topic] +
    NEED * (plan.medicine ? (mind.need[plan.medicine.id] ?? 0) : 0) +
    timing(taste, approach) -
    FATIGUE * mind.fatigue -
    (mind.complaining ? COMPLAINT : 0);
  const tone = approach.tone === taste.tone ? LIKED_TONE : -LIKED_TONE;
  const responded = responseBase[channel] + fit + (channel === 'email' ? tone : 0) + stageFit(plan, mind);
  const ordered = plan.outcome === 'ordered' ? orderBase[channel] : undefined;
  return {
    responded: logistic(responded),
    ordered: ordered === undefined ? 0 : logistic(ordered + fit + WARMTH * (mind.warmth - USUAL_WARMTH)),
  };
}

function medicineTaste(taste: Taste, { medicine }: Plan): number {
  return medicine ? (taste.medicines[medicine.id] ?? 0) : 0;
}

/** Content helps strangers, offers and meetings help those who know us. */
function stageFit({ intent }: Plan, { warmth }: Mind): number {
  const direction = intent === 'content' ? -0.5 : 1;
  return direction * WARMTH * (warmth - USUAL_WARMTH);
}

function timing(taste: Taste, { hour, weekday }: Approach): number {
  const distance = Math.abs(hour - taste.bestHour);
  const byHour = GOOD_HOUR * (1 - distance / HOURS_AROUND);
  return Math.max(-GOOD_HOUR, byHour) + (weekday === taste.bestWeekday ? GOOD_DAY : 0);
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
