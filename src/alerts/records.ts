import type { ContactMove } from '../catalogue/index.js';
import type { Transaction } from '../shared/index.js';

/** Alerts and firings as records of people: how long they are kept, and whose they are. */
export abstract class AlertRecords {
  /** Forgets what fired or was raised before a time and waits for nothing, at most so many of each; gives how many. */
  abstract purge(before: Date, limit: number): Promise<number>;
  /** What concerns a contact goes with it to another account. Both accounts are locked. */
  abstract move(moves: readonly ContactMove[], within: Transaction): Promise<void>;
}
