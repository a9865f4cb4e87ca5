import type { Transaction } from '../shared/index.js';
import type { Message } from './message.js';

/** Where a business change leaves what is to be told about it, in its own transaction. */
export abstract class Outbox {
  /** Is told once the transaction is committed, and never when it is rolled back. */
  abstract put(messages: readonly Message[], within: Transaction): Promise<void>;
}

/**
 * One way out of the outbox: the stream, the webhooks, mail. It takes a message over in the transaction that takes it out
 * of the outbox, so that each gets it exactly once; what it does with it then is its own schedule.
 */
export abstract class MessageSink {
  abstract take(messages: readonly Message[], at: Date, within: Transaction): Promise<void>;

  /** After that transaction was committed. May be lost with the process, so it only wakes somebody; never throws. */
  afterCommit?(messages: readonly Message[]): void;
}
