import { type Weekday, weekdays } from '../../catalogue/index.js';
import { isoDate } from './local-time.js';
import { publicHoliday } from './public-holidays.js';

/** A local day, or its later part, on which nobody is contacted. */
export interface Rest {
  /** Minutes after midnight at which it begins. */
  fromMinute: number;
  because: string;
}

/** Minutes after midnight from which each weekday is free. */
type WorkingWeek = Partial<Record<Weekday, number>>;

const NOON = 12 * 60;
const SATURDAY_SUNDAY: WorkingWeek = { sat: 0, sun: 0 };
const FRIDAY_SATURDAY: WorkingWeek = { fri: 0, sat: 0 };
const SUNDAY: WorkingWeek = { sun: 0 };

/** Countries whose week is not Monday to Friday (ISO 3166-1 alpha-2). */
const WEEKS: Readonly<Record<string, WorkingWeek>> = {
  IR: { thu: NOON, fri: 0 },
  AF: { thu: NOON, fri: 0 },
  AE: { fri: NOON, sat: 0, sun: 0 },
  BN: { fri: 0, sun: 0 },
  DJ: { fri: 0 },
  SO: { fri: 0 },
  NP: { sat: 0 },
  IN: SUNDAY,
  UG: SUNDAY,
  IL: { fri: NOON, sat: 0 },
  ...Object.fromEntries(
    ['BD', 'BH', 'DZ', 'EG', 'IQ', 'JO', 'KW', 'LY', 'MV', 'OM', 'PS', 'QA', 'SA', 'SD', 'SY', 'YE'].map(
      (country) => [country, FRIDAY_SATURDAY],
    ),
  ),
};

const NAMES: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

/**
 * The weekday on which the working week of a country begins, 1 (Monday) to 7: the day after its days of rest; Monday where
 * there are several, and where the country is unknown.
 */
export function weekStart(country: string | null): number {
  const week = (country === null ? undefined : WEEKS[country]) ?? SATURDAY_SUNDAY;
  const rests = (index: number): boolean => week[weekdays[(index + 7) % 7] ?? 'mon'] === 0;
  const starts = weekdays.flatMap((_, index) => (!rests(index) && rests(index - 1) ? [index + 1] : []));
  return starts[0] ?? 1;
}

/** 1970-01-01 was a Thursday, the fourth of `weekdays`. */
const WEEKDAY_OF_DAY_ZERO = 3;

export function weekdayOf(day: number): Weekday {
  const index = (((day + WEEKDAY_OF_DAY_ZERO) % 7) + 7) % 7;
  return weekdays[index] ?? 'mon';
}

/**
 * Rest on a local day (days since 1970-01-01): by the working week and public holidays of the country (Saturday and
 * Sunday where it is unknown), or by a declared list of weekdays and dates.
 */
export function restOn(
  day: number,
  country: string | null,
  declared: 'country' | readonly string[],
): Rest | undefined {
  const weekday = weekdayOf(day);
  const date = isoDate(day);
  if (declared !== 'country') {
    if (!declared.includes(weekday) && !declared.includes(date)) return undefined;
    return { fromMinute: 0, because: `${NAMES[weekday]} ${date} is declared a day of rest` };
  }
  const holiday = country === null ? undefined : publicHoliday(country, date);
  if (holiday !== undefined)
    return { fromMinute: 0, because: `${date} is a public holiday in ${country} (${holiday})` };
  const week = (country === null ? undefined : WEEKS[country]) ?? SATURDAY_SUNDAY;
  const fromMinute = week[weekday];
  if (fromMinute === undefined) return undefined;
  const part = fromMinute === 0 ? NAMES[weekday] : `${NAMES[weekday]} afternoon`;
  return {
    fromMinute,
    because: `${part} (${date}) is time of rest${country === null ? '' : ` in ${country}`}`,
  };
}
