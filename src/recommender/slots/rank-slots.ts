import type { AvoidedHours } from '../situation.js';
import { SLOT_DAYS, type SlotWindow } from './windows.js';

const HOURS_OF_WEEK = 168;
/** Weight of the contact's own hours against an even week. */
const OWN_SHARE = 0.5;
/** What a day of delay leaves of a slot's worth: usually, and when the customer waits for an answer. */
export const DAILY_PATIENCE = 0.98;
export const DAILY_PATIENCE_IN_NEED = 0.5;

/** When in the week a contact responds, as sums from Monday 00:00: a window's share is then one subtraction. */
export class ResponseHours {
  /** 336 running sums, so that a window may run over Sunday midnight. */
  private readonly sums: Float64Array;

  /** `shares`: 168 shares by hour of week, Monday 00:00 first. */
  constructor(shares: Float32Array | Float64Array) {
    this.sums = new Float64Array(2 * HOURS_OF_WEEK + 1);
    for (let hour = 0; hour < 2 * HOURS_OF_WEEK; hour += 1) {
      this.sums[hour + 1] = (this.sums[hour] as number) + (shares[hour % HOURS_OF_WEEK] as number);
    }
  }

  /**
   * Response in a window against an even week, drawn towards it: w × 168 × mean share + (1 − w), w = 0.5. 1 is even.
   */
  profile({ hour, hours }: SlotWindow): number {
    const share = (this.sums[hour + hours] as number) - (this.sums[hour] as number);
    return OWN_SHARE * HOURS_OF_WEEK * (share / hours) + (1 - OWN_SHARE);
  }
}

/** What the hours of a window add to the logit on average, of what each hour of the week adds. */
export function addedIn(added: Float64Array, { hour, hours }: Pick<SlotWindow, 'hour' | 'hours'>): number {
  let sum = 0;
  for (let after = 0; after < hours; after += 1) sum += added[(hour + after) % HOURS_OF_WEEK] as number;
  return sum / hours;
}

/** patience ^ days, for the days of which there are slots. */
const powers = new Map<number, Float64Array>();

function left(patience: number, days: number): number {
  let known = powers.get(patience);
  if (!known)
    powers.set(patience, (known = Float64Array.from({ length: SLOT_DAYS }, (_, day) => patience ** day)));
  return known[days] ?? patience ** days;
}

/**
 * Windows by their worth, the best first: worth = patience ^ days of delay × profile of the hours × the odds that were
 * learned of them. Where nothing is known of the hours, in order of time; equals too. Each next one is looked for when it is asked for: mostly the
 * first will do.
 */
export class BestFirst {
  private readonly ordered: SlotWindow[] = [];
  /** Null: in order of time. Zero: taken. */
  private readonly worth: Float64Array | null;

  constructor(
    private readonly windows: readonly SlotWindow[],
    hours: ResponseHours | undefined,
    patience: number,
    avoided?: readonly AvoidedHours[],
    learned?: Float64Array | null,
  ) {
    this.worth = hours || avoided || learned ? new Float64Array(windows.length) : null;
    if (!this.worth) return;
    for (let place = 0; place < windows.length; place += 1) {
      const window = windows[place] as SlotWindow;
      const profile = hours ? hours.profile(window) : 1;
      const odds = learned ? Math.exp(addedIn(learned, window)) : 1;
      this.worth[place] =
        left(patience, window.day) * profile * odds * (avoided ? welcome(window, avoided) : 1);
    }
  }

  /** The window at a place of that order, from 0; undefined after the last. */
  at(place: number): SlotWindow | undefined {
    if (!this.worth) return this.windows[place];
    while (this.ordered.length <= place) {
      const next = this.takeBest(this.worth);
      if (!next) return undefined;
      this.ordered.push(next);
    }
    return this.ordered[place];
  }

  private takeBest(worth: Float64Array): SlotWindow | undefined {
    let best = -1;
    let most = 0;
    for (let place = 0; place < worth.length; place += 1) {
      const own = worth[place] as number;
      if (own > most) {
        most = own;
        best = place;
      }
    }
    if (best >= 0) worth[best] = 0;
    return this.windows[best];
  }
}

const HOURS_OF_DAY = 24;

/** What is left of a window's worth after what was said of its hours, in (0, 1]: the product of the factors. */
export function welcome(
  { hour, hours }: Pick<SlotWindow, 'hour' | 'hours'>,
  avoided: readonly AvoidedHours[],
): number {
  let left = 1;
  for (const one of avoided) {
    if (overlap(hour, hours, one.hour, one.hours, HOURS_OF_WEEK)) left *= one.sameDay;
    else if (overlap(hour, hours, one.hour, one.hours, HOURS_OF_DAY)) left *= one.otherDays;
  }
  return left;
}

/** Whether two stretches on a clock of so many hours have an hour in common. */
function overlap(from: number, hours: number, other: number, otherHours: number, clock: number): boolean {
  const after = (((other - from) % clock) + clock) % clock;
  return after < hours || clock - after < otherHours;
}
