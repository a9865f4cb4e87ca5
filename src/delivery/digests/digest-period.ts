import { DateTime } from 'luxon';
import { calendarDay, restOn, weekStart } from '../../contact-policy/index.js';
import type { DigestSetting } from './digest-setting.js';

/** Where a member works. */
export interface DigestPlace {
  /** IANA zone. */
  timeZone: string;
  /** ISO 3166-1 alpha-2; null: Monday to Friday. */
  country: string | null;
}

/** One digest that is to be sent at some time. */
export interface DigestPeriod {
  /** `d` and the local day, or `w` and the first day of the local week: what it is recognised by. */
  period: string;
  dueAt: Date;
  /** From then on it is not worth sending any more. */
  until: Date;
  /** When the next one is due: until then it tells what is to be done. */
  nextAt: Date;
}

const WEEK = 7;
/** No country rests for so many days in a row that none of these is a working one. */
const LOOKED_AHEAD = 4 * WEEK;
/** A weekly digest that could not be sent on its day is still news for a second one. */
const WEEKLY_DAYS = 2;
const MINUTES_AN_HOUR = 60;

/**
 * The digest that is due at a time, and has not become stale: of today if today is a working day of hers; or of this week,
 * due on the first working day of her week. Null when none is. What was due before she last changed her mind is not due.
 */
export function periodAt(setting: DigestSetting, place: DigestPlace, at: Date): DigestPeriod | null {
  if (setting.cadence === 'off') return null;
  const today = dayIn(place, at);
  const found =
    setting.cadence === 'daily' ? dayPeriod(setting, place, today) : weekPeriod(setting, place, today);
  if (!found || at < found.dueAt || at >= found.until) return null;
  if (setting.changedAt && found.dueAt < setting.changedAt) return null;
  return { ...found, nextAt: nextAfter(setting, place, at) ?? found.until };
}

/** When the next digest after a time is due; null when none ever is. */
export function nextAfter(setting: DigestSetting, place: DigestPlace, at: Date): Date | null {
  if (setting.cadence === 'off') return null;
  const period = setting.cadence === 'daily' ? dayPeriod : weekPeriod;
  const today = dayIn(place, at);
  for (let ahead = 0; ahead <= LOOKED_AHEAD; ahead += 1) {
    const found = period(setting, place, today.plus({ days: ahead }));
    if (found && found.dueAt > at) return found.dueAt;
  }
  return null;
}

type Period = Omit<DigestPeriod, 'nextAt'>;

function dayPeriod({ hour }: DigestSetting, place: DigestPlace, day: DateTime): Period | null {
  if (!worksAt(day, hour, place)) return null;
  return {
    period: `d${day.toISODate()}`,
    dueAt: day.set({ hour }).toJSDate(),
    until: day.plus({ days: 1 }).toJSDate(),
  };
}

function weekPeriod({ hour }: DigestSetting, place: DigestPlace, day: DateTime): Period | null {
  const first = startOfWeek(day, place.country);
  for (let ahead = 0; ahead < WEEK; ahead += 1) {
    const candidate = first.plus({ days: ahead });
    if (!worksAt(candidate, hour, place)) continue;
    return {
      period: `w${first.toISODate()}`,
      dueAt: candidate.set({ hour }).toJSDate(),
      until: candidate.plus({ days: WEEKLY_DAYS }).toJSDate(),
    };
  }
  return null;
}

function dayIn({ timeZone }: DigestPlace, at: Date): DateTime {
  return DateTime.fromJSDate(at, { zone: timeZone }).startOf('day');
}

/** Half a day of rest begins in its middle. */
function worksAt(day: DateTime, hour: number, { country }: DigestPlace): boolean {
  const rest = restOn(dayNumber(day), country, 'country');
  return rest === undefined || rest.fromMinute > hour * MINUTES_AN_HOUR;
}

function startOfWeek(day: DateTime, country: string | null): DateTime {
  const back = (day.weekday - weekStart(country) + WEEK) % WEEK;
  return day.minus({ days: back });
}

/** Days since 1970-01-01 of a local day. */
function dayNumber(day: DateTime): number {
  return calendarDay(Date.UTC(day.year, day.month - 1, day.day));
}
