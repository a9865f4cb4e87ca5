import type { MemberId } from '../../catalogue/index.js';
import type { AddressedEntry, StreamEntry } from './stream-entry.js';

/** Days for which entries can be replayed. */
export const STREAM_DAYS = 7;

/** The entries that were published, in the order of their sequence. */
export abstract class StreamLog {
  /** Of the newest entry; 0 when there was none yet. */
  abstract head(): Promise<number>;
  /** Entries up to this sequence are forgotten and cannot be replayed. */
  abstract forgottenTo(): Promise<number>;
  /** For everybody, with whom each is for. Nothing that is committed later has a lower sequence. */
  abstract after(sequence: number, limit: number): Promise<AddressedEntry[]>;
  /** What one member may see now, above `after` and up to `upTo`; null sees all. */
  abstract visible(query: {
    member: MemberId | null;
    after: number;
    upTo: number;
    limit: number;
  }): Promise<StreamEntry[]>;
  /** Forgets the oldest entries from before a time, at most so many; gives how many. */
  abstract purge(before: Date, limit: number): Promise<number>;
}
