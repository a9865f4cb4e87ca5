import { DateTime } from 'luxon';
import { type Channel, type WeeklyHours, weekdays } from '../../catalogue/index.js';
import { HOUR, MINUTE } from '../../shared/index.js';

/** Days ahead for which slots are planned at most. */
export const SLOT_DAYS = 14;
/** What is left of a window that has begun must be at least this long to be a slot. */
const SHORTEST = 15 * MINUTE;
const HOURS_OF_WEEK = 168;

/** A window of one channel in one time zone. */
export interface SlotWindow {
  from: Date;
  to: Date;
  /** Calendar days after the day of the decision, 0 for today. */
  day: number;
  /** Hour of the week (Monday 00:00 is 0) of its beginning, and how many hours of the week it touches. */
  hour: number;
  hours: number;
}

/** Where a channel declares no hours: morning, midday and afternoon of every day. */
const EVERY_DAY: WeeklyHours = Object.fromEntries(
  weekdays.map((day) => [
    day,
    [
      ['08:00', '12:00'],
      ['12:00', '16:00'],
      ['16:00', '20:00'],
    ],
  ]),
);

/** Windows of channels by zone and day: the same for everybody in that zone on that day. */
export class SlotCalendar {
  private readonly days = new Map<string, readonly SlotWindow[]>();
  private readonly open = new Map<string, readonly SlotWindow[]>();
  private hour = '';
  private minute = 0;

  /**
   * Windows of so many days, today's the first, that are still to come or under way after the channel's lead time, the
   * earliest first.
   */
  windows(channel: Channel, timeZone: string, at: Date, days = SLOT_DAYS): readonly SlotWindow[] {
    const minute = Math.ceil(at.getTime() / MINUTE);
    if (minute !== this.minute) {
      this.open.clear();
      this.minute = minute;
    }
    const key = `${timeZone}\u0000${channel.channelId}`;
    const within = `${key}\u0000${days}`;
    let windows = this.open.get(within);
    if (!windows) {
      const planned = this.ofDay(key, channel, timeZone, at).filter(({ day }) => day < days);
      windows = openFrom(planned, minute * MINUTE + channel.leadTimeHours * HOUR);
      this.open.set(within, windows);
    }
    return windows;
  }

  private ofDay(key: string, channel: Channel, timeZone: string, at: Date): readonly SlotWindow[] {
    const hour = at.toISOString().slice(0, 13);
    if (hour !== this.hour) {
      this.days.clear();
      this.hour = hour;
    }
    let windows = this.days.get(key);
    if (!windows) {
      windows = windowsOf(channel.hours ?? EVERY_DAY, timeZone, at);
      this.days.set(key, windows);
    }
    return windows;
  }
}

function openFrom(windows: readonly SlotWindow[], earliest: number): readonly SlotWindow[] {
  return windows
    .filter(({ to }) => to.getTime() - SHORTEST >= earliest)
    .map((window) => (window.from.getTime() < earliest ? { ...window, from: new Date(earliest) } : window));
}

/** Today and the 13 days after it, so that a day's windows are the same for all moments of its hour. */
function windowsOf(weekly: WeeklyHours, timeZone: string, at: Date): SlotWindow[] {
  const midnight = DateTime.fromJSDate(at, { zone: timeZone }).startOf('day');
  return Array.from({ length: SLOT_DAYS }, (_, day) => day)
    .flatMap((day) => {
      const date = midnight.plus({ days: day });
      const name = weekdays[date.weekday - 1];
      return (name ? (weekly[name] ?? []) : []).map(([from, to]) => windowOn(date, day, from, to));
    })
    .sort((a, b) => a.from.getTime() - b.from.getTime());
}

function windowOn(date: DateTime, day: number, from: string, to: string): SlotWindow {
  const begins = timeOn(date, from);
  const closes = timeOn(date, to);
  const ends = closes > begins ? closes : closes.plus({ days: 1 });
  const hour = (date.weekday - 1) * 24 + begins.hour;
  const hours = Math.max(1, Math.ceil((ends.toMillis() - begins.toMillis()) / HOUR));
  return { from: begins.toJSDate(), to: ends.toJSDate(), day, hour, hours: Math.min(hours, HOURS_OF_WEEK) };
}

/** A local time of that day; "24:00" is the next midnight. */
function timeOn(date: DateTime, time: string): DateTime {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour === 24 ? date.plus({ days: 1 }) : date.set({ hour, minute, second: 0, millisecond: 0 });
}
