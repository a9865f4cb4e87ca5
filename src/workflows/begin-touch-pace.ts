import { DateTime } from 'luxon';
import { type Channel, type ChannelId, type WeeklyHours, weekdays } from '../catalogue/index.js';
import { HOUR, type Transaction } from '../shared/index.js';

/** So many touches may begin on the channel within the span that starts then. */
export interface PaceSpan {
  span: 'day' | 'hour';
  startsAt: Date;
  endsAt: Date;
  limit: number;
}

/** How many touches have begun on each channel: counters that all accounts share, taken after an account's lock. */
export abstract class ChannelPace {
  /** Counts one more in every span, or in none; tells whether there was room. */
  abstract take(channelId: ChannelId, spans: readonly PaceSpan[], within: Transaction): Promise<boolean>;
  /** Forgets spans that started before. */
  abstract forget(before: Date): Promise<void>;
}

/** Hours of a day on which a channel without hours of its own is open: 8 to 20. */
const OPEN_HOURS = 12;

/**
 * The spans that bind a channel with a capacity: the day in the deployment's zone, and the hour, in which the day's
 * capacity is spread evenly over the hours that the channel is open that day (rounded up).
 */
export function paceSpans(channel: Channel, at: Date, timeZone: string): PaceSpan[] {
  const { capacityPerDay } = channel;
  if (capacityPerDay === null) return [];
  const now = DateTime.fromJSDate(at, { zone: timeZone });
  const day = now.startOf('day');
  const hour = now.startOf('hour');
  const anHour = Math.ceil(capacityPerDay / openHours(channel.hours, day));
  return [
    {
      span: 'day',
      startsAt: day.toJSDate(),
      endsAt: day.plus({ days: 1 }).toJSDate(),
      limit: capacityPerDay,
    },
    { span: 'hour', startsAt: hour.toJSDate(), endsAt: hour.plus({ hours: 1 }).toJSDate(), limit: anHour },
  ];
}

function openHours(hours: WeeklyHours | null, day: DateTime): number {
  if (hours === null) return OPEN_HOURS;
  const name = weekdays[day.weekday - 1];
  const windows = (name && hours[name]) ?? [];
  const open = windows.reduce((sum, [from, to]) => sum + (minutesOf(to) - minutesOf(from)) / 60, 0);
  return Math.max(1, open);
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

/** When there may be room again: when the first of the spans is over. */
export function nextRoom(spans: readonly PaceSpan[], at: Date): Date {
  const ends = spans.map(({ endsAt }) => endsAt.getTime());
  return new Date(Math.min(at.getTime() + HOUR, ...ends));
}
