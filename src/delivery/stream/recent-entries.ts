import type { AddressedEntry } from './stream-entry.js';

/** The newest entries in memory, shared by all readers of a process. Everything above `floor` up to `head` is here. */
export class RecentEntries {
  private entries: AddressedEntry[] = [];
  private from: number;
  private to: number;

  constructor(
    head: number,
    private readonly capacity: number,
  ) {
    this.from = head;
    this.to = head;
  }

  /** A reader at or above it can go on from here. */
  get floor(): number {
    return this.from;
  }

  get head(): number {
    return this.to;
  }

  /** Appends what comes next, in order of sequence. */
  append(entries: readonly AddressedEntry[]): void {
    const last = entries.at(-1);
    if (!last) return;
    this.entries.push(...entries);
    this.to = last.sequence;
    const over = this.entries.length - this.capacity;
    if (over <= 0) return;
    this.from = this.entries[over - 1]?.sequence ?? this.from;
    this.entries = this.entries.slice(over);
  }

  /** The next entries above a sequence, at most `limit`. */
  after(sequence: number, limit: number): AddressedEntry[] {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle]?.sequence ?? Infinity) <= sequence) low = middle + 1;
      else high = middle;
    }
    return this.entries.slice(low, low + limit);
  }
}
