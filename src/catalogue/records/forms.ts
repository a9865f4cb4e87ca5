import { IANAZone } from 'luxon';
import { err, type FieldProblem, ok, type Result } from '../../shared/index.js';
import { type WeeklyHours, weekdays } from '../offering.js';
import { formed, isIsoTime, isObject, list, optional, type Reader, shape } from './reader.js';

/** The forms of texts that records use: time zone, locale, country, currency, … each with the sentence that mends it. */

const knownZones = new Map<string, boolean>();

export function isTimeZone(name: string): boolean {
  const known = knownZones.get(name);
  if (known !== undefined) return known;
  const valid = IANAZone.isValidZone(name);
  if (valid) knownZones.set(name, valid);
  return valid;
}

/** Well formed by BCP 47; whether anybody speaks it is not asked. */
export function isLocale(name: string): boolean {
  return /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(name);
}

export const timeZone = () => formed('an IANA time zone such as Europe/Berlin', isTimeZone);
export const locale = () => formed('a language tag such as en or fa-IR', isLocale);
export const country = () =>
  formed('an ISO 3166-1 code of two capital letters such as DE', (value) => /^[A-Z]{2}$/.test(value));
export const currency = () => formed('an ISO 4217 code such as EUR', (value) => /^[A-Z]{3}$/.test(value));
export const email = () =>
  formed('an e-mail address such as ana@example.org', (value) => /^[^\s@]+@[^\s@]+$/.test(value), 320);
export const webAddress = () =>
  formed(
    'a web address starting with https:// or http://',
    (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    2000,
  );

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;

const openWindow: Reader<[string, string]> = {
  read: (value, pointer): Result<[string, string], FieldProblem[]> => {
    if (Array.isArray(value) && value.length === 2) {
      const [from, to] = value as unknown[];
      if (
        typeof from === 'string' &&
        typeof to === 'string' &&
        TIME_OF_DAY.test(from) &&
        TIME_OF_DAY.test(to)
      ) {
        if (from < to) return ok([from, to]);
        return err([{ pointer, detail: `must end after it begins, but is ${from} to ${to}` }]);
      }
    }
    return err([{ pointer, detail: 'must be a pair of times such as ["09:00", "17:00"]' }]);
  },
  cell: (text) => text.split('-').map((time) => time.trim()),
};

/** { mon: [["09:00", "17:00"]] }; in a CSV the column hours.mon holds 09:00-12:00|13:00-17:00. */
export function weeklyHours(): Reader<WeeklyHours> {
  const windows = optional(list(openWindow, 24));
  const days = shape(
    Object.fromEntries(weekdays.map((day) => [day, windows])) as Record<
      (typeof weekdays)[number],
      typeof windows
    >,
  );
  return {
    ...days,
    read: (value, pointer) => {
      const result = days.read(value, pointer);
      if (!result.ok) return result;
      return ok(Object.fromEntries(Object.entries(result.value).filter(([, entry]) => entry !== null)));
    },
  };
}

/** true, false, or { from: time }; in a CSV cell true, false or the time. */
export function availability(): Reader<boolean | { from: string }> {
  const detail = 'must be true, false, or {"from": a time in ISO 8601 with offset}';
  return {
    read: (value, pointer) => {
      if (typeof value === 'boolean') return ok(value);
      if (isObject(value) && isIsoTime(value.from) && Object.keys(value).length === 1)
        return ok({ from: value.from });
      return err([{ pointer, detail }]);
    },
    cell: (text) => (text === 'true' ? true : text === 'false' ? false : { from: text }),
  };
}
