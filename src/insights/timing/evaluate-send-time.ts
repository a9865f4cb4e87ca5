import { chooseHourSettings, type HourEvent, type HourSettings, WeekHours } from './response-hours.js';

export interface TimedEvent {
  contact: string;
  at: Date;
}

export interface HourMetrics {
  /** Share of events in the likeliest hour of the week. */
  hitAt1: number;
  /** … in one of the three likeliest. */
  hitAt3: number;
  /** In nats; an even week has ln 168 = 5.12. */
  logLoss: number;
}

export interface SendTimeEvaluation extends HourMetrics {
  events: number;
  contacts: number;
  trainedOn: number;
  settings: HourSettings;
  /** The histogram over the hours of the week of all contacts, with one event of an even week added. */
  weekOfAll: HourMetrics;
}

const TEST_SHARE = 0.2;
const MONDAY = 1;
const DAYS = 7;
const HOURS = 24;

/** Hour of the week in UTC, Monday 00:00 first. */
function hourOfWeek(at: Date): number {
  return ((at.getUTCDay() - MONDAY + DAYS) % DAYS) * HOURS + at.getUTCHours();
}

/** Learns from the first 80 % of the time and is judged on the rest. Throws a `RangeError` where one of them is empty. */
export function evaluateSendTime(given: readonly TimedEvent[]): SendTimeEvaluation {
  const events = [...given].sort((a, b) => a.at.getTime() - b.at.getTime());
  const from = events[0]?.at.getTime() ?? 0;
  const to = events.at(-1)?.at.getTime() ?? 0;
  const cut = from + (1 - TEST_SHARE) * (to - from);
  const hours = (wanted: (at: number) => boolean): HourEvent[] =>
    events
      .filter(({ at }) => wanted(at.getTime()))
      .map(({ contact, at }) => ({ contact, hour: hourOfWeek(at) }));
  const train = hours((at) => at < cut);
  const test = hours((at) => at >= cut);
  if (train.length === 0 || test.length === 0)
    throw new RangeError('There must be events in the first 80 % of the time and after it');
  const settings = chooseHourSettings(train);
  const everybody = new WeekHours(
    train.map(({ hour }) => ({ contact: '', hour })),
    { neighbours: 0, otherDays: 0, prior: 1 },
  );
  const weekOfAll = everybody.of('nobody');
  const own = new WeekHours(train, settings);
  return {
    events: events.length,
    contacts: new Set(events.map(({ contact }) => contact)).size,
    trainedOn: train.length,
    settings,
    ...judged(test, (contact) => own.of(contact)),
    weekOfAll: judged(test, () => weekOfAll),
  };
}

/** Of equals the earlier hour counts as the likelier one. */
function judged(test: readonly HourEvent[], weekOf: (contact: string) => Float64Array): HourMetrics {
  const weeks = new Map<string, Float64Array>();
  let first = 0;
  let third = 0;
  let loss = 0;
  for (const { contact, hour } of test) {
    let week = weeks.get(contact);
    if (!week) weeks.set(contact, (week = weekOf(contact)));
    const chance = week[hour] ?? 0;
    let better = 0;
    for (let other = 0; other < week.length; other += 1) {
      const rival = week[other] ?? 0;
      if (rival > chance || (rival === chance && other < hour)) better += 1;
    }
    if (better < 1) first += 1;
    if (better < 3) third += 1;
    loss -= Math.log(chance);
  }
  return { hitAt1: first / test.length, hitAt3: third / test.length, logLoss: loss / test.length };
}
