import { LRUCache } from 'lru-cache';
import { type Clock, MINUTE } from '../../shared/index.js';

/** Calls of a key within the present window of a minute, this one included. */
export interface Counted {
  calls: number;
  /** Milliseconds until the window is over. */
  left: number;
}

/** Counts the calls of each key, minute by minute from its first one. */
export abstract class CallCounter {
  abstract count(key: string): Promise<Counted>;
  abstract close(): Promise<void>;
}

const KEYS_COUNTED = 10_000;

/** Each process for itself. */
export class OwnCallCounter extends CallCounter {
  private readonly windows = new LRUCache<string, { from: number; calls: number }>({ max: KEYS_COUNTED });

  constructor(private readonly clock: Clock) {
    super();
  }

  async count(key: string): Promise<Counted> {
    const now = this.clock.now().getTime();
    let window = this.windows.get(key);
    if (!window || now - window.from >= MINUTE || now < window.from) {
      window = { from: now, calls: 0 };
      this.windows.set(key, window);
    }
    window.calls += 1;
    return { calls: window.calls, left: window.from + MINUTE - now };
  }

  async close(): Promise<void> {
    // nothing is held open
  }
}
