import { useMemo } from 'react';
import { useLanguage } from './language';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The same day as today or a neighbour of it reads better as a word than as a date. */
const NEAR_DAYS = 1;

export interface Formats {
  /** "today 14:00", "12 March, 14:00"; in the reader's own zone unless one is given. */
  time(at: string | Date, timeZone?: string): string;
  /** "today 14:00–16:00" in the zone of the contact. */
  slot(slot: { from: string; to: string; timeZone: string }): string;
  /** "3 minutes ago". */
  ago(at: string | Date): string;
  /** "08:00" */
  hour(hour: number): string;
  percent(share: number): string;
  number(value: number): string;
}

export function useFormats(): Formats {
  const { locale } = useLanguage();
  return useMemo(() => formatsIn(locale), [locale]);
}

function formatsIn(locale: string): Formats {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const small = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });

  const clock = (at: Date, timeZone?: string): string =>
    new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone }).format(at);
  const day = (at: Date, timeZone?: string): string => {
    const apart = daysApart(at, new Date(), timeZone);
    if (Math.abs(apart) <= NEAR_DAYS) return relative.format(apart, 'day');
    const year = Math.abs(apart) > 300 ? ({ year: 'numeric' } as const) : {};
    return new Intl.DateTimeFormat(locale, {
      weekday: 'short',
      day: 'numeric',
      month: 'long',
      timeZone,
      ...year,
    }).format(at);
  };
  return {
    time: (at, timeZone) => `${day(new Date(at), timeZone)} ${clock(new Date(at), timeZone)}`,
    slot: ({ from, to, timeZone }) =>
      `${day(new Date(from), timeZone)} ${clock(new Date(from), timeZone)}–${clock(new Date(to), timeZone)}`,
    ago: (at) => {
      const passed = new Date(at).getTime() - Date.now();
      if (Math.abs(passed) < HOUR) return relative.format(Math.round(passed / MINUTE), 'minute');
      if (Math.abs(passed) < DAY) return relative.format(Math.round(passed / HOUR), 'hour');
      return relative.format(Math.round(passed / DAY), 'day');
    },
    hour: (hour) => clock(new Date(Date.UTC(2000, 0, 1, hour)), 'UTC'),
    percent: (share) => (share < 0.1 ? small : percent).format(share),
    number: (value) => number.format(value),
  };
}

/** Calendar days from `b` to `a` in a zone. */
function daysApart(a: Date, b: Date, timeZone?: string): number {
  const dayOf = (at: Date): number => {
    const parts = new Intl.DateTimeFormat('en-CA', {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      timeZone,
    })
      .format(at)
      .split('-')
      .map(Number);
    return Date.UTC(parts[0] ?? 0, (parts[1] ?? 1) - 1, parts[2] ?? 1) / DAY;
  };
  return dayOf(a) - dayOf(b);
}
