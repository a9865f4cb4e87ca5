import { SECOND, type Transaction } from '../../shared/index.js';

/** A ring can be lost with whoever would have rung: every process looks by itself this often. */
export const LOOKS_ANYWAY_EVERY = 5 * SECOND;

/** Rings in each process when entries were committed, and now and then without need: a ring that was lost is made up for. */
export abstract class StreamBell {
  /** Resolves when it listens, or after a first failure: it then goes on trying by itself, and rings when it listens. */
  abstract start(ring: () => void): Promise<void>;
  abstract stop(): Promise<void>;
}

/** Makes the bells of all processes ring. A ring comes when what it tells of can be read, never before. */
export abstract class StreamRinger {
  /** In the transaction that publishes entries. */
  abstract published(within: Transaction): Promise<void>;
  /** When that was committed. Never throws, and waits for nobody. */
  abstract committed(): void;
  abstract close(): Promise<void>;
}
