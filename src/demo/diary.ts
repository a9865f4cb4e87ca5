import { DateTime } from 'luxon';
import type { EventProperties, IncomingItem } from '../events/index.js';
import { DAY, MINUTE } from '../shared/index.js';
import type { Doctor } from './people.js';

export const SOURCE = 'territory';

/** One day in a doctor's own time zone. */
export interface LocalDay {
  /** Local midnight. */
  start: Date;
  /** 1 Monday to 7 Sunday. */
  weekday: number;
  rest: boolean;
}

/** The days that end with the one in which `until` lies, oldest first; kept by zone, since many doctors share one. */
export class Calendar {
  private readonly days = new Map<string, Omit<LocalDay, 'rest'>[]>();

  constructor(
    readonly until: Date,
    private readonly count: number,
  ) {}

  daysOf(doctor: Doctor): LocalDay[] {
    const days = this.days.get(doctor.timeZone) ?? this.localDays(doctor.timeZone);
    this.days.set(doctor.timeZone, days);
    return days.map((day) => ({ ...day, rest: doctor.rests.includes(day.weekday) }));
  }

  private localDays(timeZone: string): Omit<LocalDay, 'rest'>[] {
    const last = DateTime.fromJSDate(this.until, { zone: timeZone }).startOf('day');
    return Array.from({ length: this.count }, (_none, index) => {
      const day = last.minus({ days: this.count - 1 - index });
      return { start: day.toJSDate(), weekday: day.weekday };
    });
  }
}

/** Local clock time of a day; hours may have a fraction. (A change of the clocks shifts it by an hour: harmless.) */
export function clock(day: LocalDay, hour: number): Date {
  return new Date(day.start.getTime() + Math.round(hour * 60) * MINUTE);
}

/** What happened to one doctor: kept, told as events in order of time, and cut off at the present. */
export class Diary {
  private readonly entries: { at: Date; name: string; memberId?: string; properties: EventProperties }[] = [];

  constructor(
    private readonly doctor: Doctor,
    readonly until: Date,
    /** Of the events' ids: tells one diary of a doctor from another. */
    private readonly volume = '',
  ) {}

  /** The event, unless it still lies ahead. */
  note(at: Date, name: string, properties: EventProperties, memberId?: string): void {
    if (at.getTime() > this.until.getTime()) return;
    this.entries.push({ at, name, properties, ...(memberId && { memberId }) });
  }

  items(): IncomingItem[] {
    const { contact, accountId } = this.doctor;
    return this.entries
      .map((entry, written) => ({ ...entry, written }))
      .sort((a, b) => a.at.getTime() - b.at.getTime() || a.written - b.written)
      .map(({ at, name, properties, memberId, written }) => ({
        kind: 'event',
        messageId: `${contact.contactId}-${this.volume}${written}`,
        source: SOURCE,
        occurredAt: at,
        accountId,
        contactId: contact.contactId,
        ...(memberId && { memberId }),
        name,
        properties,
      }));
  }
}

/** How much is left of something after some days, when it halves every `halfLife` days. */
export function left(amount: number, days: number, halfLife: number): number {
  return amount * 2 ** (-days / halfLife);
}

export function daysUntil(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / DAY;
}
