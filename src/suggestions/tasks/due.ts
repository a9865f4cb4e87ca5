import { DateTime } from 'luxon';
import { restOn } from '../../contact-policy/index.js';
import { DAY } from '../../shared/index.js';
import type { DueAt } from './task.js';

/** Hour at which a working day ends: what is due on a day is due then. */
const END_OF_WORK = 18;
/** Working days that a hand-over may take when no date was named. */
export const HANDOVER_WORKING_DAYS = 2;
/** Longest row of days of rest that is looked over. */
const LONGEST_REST = 30;

const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/;

const TIME_FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Whether the text names a day that exists, as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  return DAY_FORM.test(text) && DateTime.fromISO(text, { zone: 'UTC' }).isValid;
}

/** A day (YYYY-MM-DD), or a time in ISO 8601 with offset; null when it is neither. */
export function parseDue(text: string): DueAt | null {
  if (isDay(text)) return text;
  const at = TIME_FORM.test(text) ? DateTime.fromISO(text) : null;
  return at?.isValid ? at.toJSDate() : null;
}

/** The instant at which something is due: of a day, the end of work in the zone of whoever does it. */
export function dueInZone(due: DueAt, timeZone: string): Date {
  if (due instanceof Date) return due;
  return DateTime.fromISO(due, { zone: timeZone }).set({ hour: END_OF_WORK }).toJSDate();
}

/**
 * The end of work of the n-th working day after the day of `at`, by the zone of whoever does it and the country's working
 * week and public holidays (Monday to Friday where it is unknown).
 */
export function endOfWorkingDay(at: Date, days: number, timeZone: string, country: string | null): Date {
  let day = DateTime.fromJSDate(at, { zone: timeZone }).startOf('day');
  let left = days;
  for (let looked = 0; left > 0 && looked < days + LONGEST_REST; looked += 1) {
    day = day.plus({ days: 1 });
    const number = Math.floor(Date.UTC(day.year, day.month - 1, day.day) / DAY);
    if (restOn(number, country, 'country')?.fromMinute !== 0) left -= 1;
  }
  return day.set({ hour: END_OF_WORK }).toJSDate();
}

/** Where a day ends last. */
const LAST_ZONE = 'Etc/GMT+12';

/** Whether what is due then is over at a time, wherever the one who does it may be. */
export function isOver(due: DueAt, at: Date): boolean {
  return dueInZone(due, LAST_ZONE) <= at;
}
