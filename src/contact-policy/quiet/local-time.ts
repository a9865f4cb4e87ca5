import { IANAZone } from 'luxon';
import { DAY, MINUTE } from '../../shared/index.js';

/**
 * Offsets of one zone from UTC, by day: asking the zone itself is slow, and nearly every day has one offset. A name that
 * is no IANA zone counts as UTC, so that one odd record does not stop a run over all.
 */
class ZoneOffsets {
  private readonly zone: IANAZone;
  /** Milliseconds; null on a day on which the clocks change. */
  private readonly byDay = new Map<number, number | null>();

  constructor(name: string) {
    this.zone = IANAZone.create(IANAZone.isValidZone(name) ? name : 'UTC');
  }

  at(instant: number): number {
    const day = Math.floor(instant / DAY);
    let offset = this.byDay.get(day);
    if (offset === undefined) {
      const start = this.exact(day * DAY);
      offset = start === this.exact((day + 1) * DAY) ? start : null;
      this.byDay.set(day, offset);
    }
    return offset ?? this.exact(instant);
  }

  private exact(instant: number): number {
    return this.zone.offset(instant) * MINUTE;
  }
}

const zones = new Map<string, ZoneOffsets>();

function offsetsOf(zone: string): ZoneOffsets {
  let offsets = zones.get(zone);
  if (!offsets) zones.set(zone, (offsets = new ZoneOffsets(zone)));
  return offsets;
}

/**
 * What clock and calendar on the wall show, counted as if the wall stood at UTC: milliseconds since 1970-01-01 00:00
 * there.
 */
export function toWall(zone: string, instant: number): number {
  return instant + offsetsOf(zone).at(instant);
}

/** The instant at which the wall shows this; where the clocks skip it, the instant after the gap. */
export function fromWall(zone: string, wall: number): number {
  const offsets = offsetsOf(zone);
  const guess = wall - offsets.at(wall);
  return wall - offsets.at(guess);
}

/** Days since 1970-01-01 of a wall time. */
export function dayOf(wall: number): number {
  return Math.floor(wall / DAY);
}

/** YYYY-MM-DD of a number of days since 1970-01-01. */
export function isoDate(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
