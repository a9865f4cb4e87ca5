import type { Transaction } from '../shared/index.js';
import type { EventId } from './event.js';

/** Days for which a resend is known as one. */
export const LEDGER_DAYS = 30;

/** Which messages have come already: a message counts once, whoever it turns out to be about. */
export abstract class EventLedger {
  /** Enters the keys; gives those that were not there. Waits for others who are entering the same. */
  abstract claim(keys: readonly EventId[], at: Date, within: Transaction): Promise<Set<EventId>>;
  /** Forgets keys of messages that were set aside after all, so that they can be tried again. */
  abstract release(keys: readonly EventId[], within: Transaction): Promise<void>;
  /** Forgets keys entered before that time, at most `limit` of them; gives how many. */
  abstract purge(before: Date, limit: number): Promise<number>;
}
