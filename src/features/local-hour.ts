import { DAY, HOUR, MINUTE } from '../shared/index.js';

/** Unix time 0 was a Thursday: hours of the week that lay before it, counted from Monday 00:00. */
const HOURS_BEFORE_EPOCH = 72;
const HOURS_A_WEEK = 168;
const DAYS_KEPT_PER_ZONE = 4096;

interface Zone {
  format: Intl.DateTimeFormat;
  /** By day of Unix time: offset in ms, or NaN on days on which it changes. */
  days: Map<number, number>;
}

const zones = new Map<string, Zone | null>();
const ZONES_KEPT = 1024;

/** Hour of the week (0–167, Monday 00:00 first) in the IANA zone's local time; a name that is no zone counts as UTC. */
export function localHourOfWeek(time: number, timeZone: string): number {
  const local = time + offsetAt(time, timeZone);
  const hour = (Math.floor(local / HOUR) + HOURS_BEFORE_EPOCH) % HOURS_A_WEEK;
  return (hour + HOURS_A_WEEK) % HOURS_A_WEEK;
}

function offsetAt(time: number, timeZone: string): number {
  const zone = zoneOf(timeZone);
  if (!zone) return 0;
  const day = Math.floor(time / DAY);
  let offset = zone.days.get(day);
  if (offset === undefined) {
    const start = offsetBy(zone.format, day * DAY);
    offset = start === offsetBy(zone.format, (day + 1) * DAY) ? start : NaN;
    if (zone.days.size >= DAYS_KEPT_PER_ZONE) zone.days.clear();
    zone.days.set(day, offset);
  }
  return Number.isNaN(offset) ? offsetBy(zone.format, time) : offset;
}

function zoneOf(name: string): Zone | null {
  const known = zones.get(name);
  if (known !== undefined) return known;
  let zone: Zone | null = null;
  if (name !== 'UTC' && isZone(name)) {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    zone = { format, days: new Map() };
  }
  if (zones.size >= ZONES_KEPT) zones.clear();
  zones.set(name, zone);
  return zone;
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}

const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2})(?::\d{2})?)?$/;

function offsetBy(format: Intl.DateTimeFormat, time: number): number {
  const match = OFFSET.exec(format.format(time));
  if (!match?.[1]) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * MINUTE;
}
