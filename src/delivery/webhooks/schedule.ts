import { DAY, HOUR, MINUTE, type Rng, SECOND } from '../../shared/index.js';

/**
 * Milliseconds before each attempt, counted from the one before; the schedule that Standard Webhooks 1.0 proposes.
 * Ten attempts in a little over three days.
 */
export const ATTEMPT_SCHEDULE: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Each delay is drawn within this share around the schedule's, so that a receiver's outage is not ended by a wave. */
export const JITTER = 0.1;

/** An endpoint with nothing but failures for so long is disabled. */
export const GIVE_UP_AFTER_MILLISECONDS = 5 * DAY;

/** The longest time for which a receiver may put us off. */
export const LONGEST_RETRY_AFTER_MILLISECONDS = DAY;

/**
 * Milliseconds from an attempt to the next one; null after the last. `step` is the place of the attempt that was made,
 * from 0. What the receiver asked for (`retryAfter`, milliseconds) is a least, up to a day; jitter never shortens it.
 */
export function delayAfter(step: number, retryAfter: number | null, rng: Rng): number | null {
  const scheduled = ATTEMPT_SCHEDULE[step + 1];
  if (scheduled === undefined) return null;
  const drawn = scheduled * (1 - JITTER + 2 * JITTER * rng.next());
  return Math.round(Math.max(drawn, Math.min(retryAfter ?? 0, LONGEST_RETRY_AFTER_MILLISECONDS)));
}
