import type { AvoidedHours } from '../situation.js';
import type { SlotWindow } from './windows.js';

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
  constructor(shares: Float32Array) {
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

/**
 * Windows by their worth, the best first: worth = patience ^ days of delay × profile of the hours. Where nothing is known
 * of the contact's hours, in order of time; equals too. Each next one is looked for when it is asked for: mostly the
 * first will do.
 */
export function* bestFirst(
  windows: readonly SlotWindow[],
  hours: ResponseHours | undefined,
  patience: number,
  avoided?: readonly AvoidedHours[],
): Generator<SlotWindow> {
  if (!hours && !avoided) {
    yield* windows;
    return;
  }
  const worth = Float64Array.from(
    windows,
    (window) =>
      patience ** window.day * (hours ? hours.profile(window) : 1) * (avoided ? welcome(window, avoided) : 1),
  );
  for (;;) {
    let best = -1;
    for (let place = 0; place < worth.length; place += 1) {
      if ((worth[place] as number) > (best < 0 ? 0 : (worth[best] as number))) best = place;
    }
    const window = windows[best];
    if (!window) return;
    worth[best] = 0;
    yield window;
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
