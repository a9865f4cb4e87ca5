import { addDays } from '../../shared/index.js';
import type { Considered } from '../candidates/considered.js';

/** An answer is given again for a day at most. */
const LONGEST_DAYS = 1;

/**
 * When the same question has to be decided afresh: after a day, when a suggested slot ends, and at the next change that
 * is already known (an action begins or ends, a rule or a consent lapses; null: none is known).
 */
export function expiryOf(places: readonly Considered[], at: Date, changes: readonly (Date | null)[]): Date {
  let first = addDays(at, LONGEST_DAYS);
  for (const time of [...changes, ...places.map(({ slot }) => slot?.to ?? null)]) {
    if (time !== null && time > at && time < first) first = time;
  }
  return first;
}
