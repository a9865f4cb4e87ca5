import Holidays from 'date-holidays';
import { DAY } from '../../shared/index.js';

const countries = new Map<string, Holidays>();
const years = new Map<string, ReadonlyMap<string, string>>();

/**
 * Name of the public holiday on a local date (YYYY-MM-DD) in a country; undefined on other days and for unknown
 * countries.
 */
export function publicHoliday(country: string, date: string): string | undefined {
  return holidaysOf(country, Number(date.slice(0, 4))).get(date);
}

/** Kept by country and year, because the library takes some 50 ms for each. */
function holidaysOf(country: string, year: number): ReadonlyMap<string, string> {
  const key = `${country}-${year}`;
  let names = years.get(key);
  if (!names) years.set(key, (names = readHolidays(country, year)));
  return names;
}

function readHolidays(country: string, year: number): Map<string, string> {
  let calendar = countries.get(country);
  if (!calendar) countries.set(country, (calendar = new Holidays(country)));
  const names = new Map<string, string>();
  for (const holiday of calendar.getHolidays(year, 'en')) {
    if (holiday.type !== 'public') continue;
    const days = Math.max(1, Math.round((holiday.end.getTime() - holiday.start.getTime()) / DAY));
    const first = Date.parse(`${holiday.date.slice(0, 10)}T00:00:00Z`);
    for (let day = 0; day < days; day += 1)
      names.set(new Date(first + day * DAY).toISOString().slice(0, 10), holiday.name);
  }
  return names;
}
