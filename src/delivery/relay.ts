import { SECOND, type Transaction, type Transactions } from '../shared/index.js';
import type { Message } from './message.js';
import type { MessageSink } from './outbox.js';

/** Messages taken over in one transaction. */
export const RELAY_BATCH = 500;
/** A message that a way out cannot take rests this long, doubled with each try, at most `LONGEST_REST_MILLISECONDS`. */
export const FIRST_REST_MILLISECONDS = SECOND;
export const LONGEST_REST_MILLISECONDS = 300 * SECOND;

/** The rows of the outbox, as the relay sees them. */
export abstract class WaitingMessages {
  /**
   * Takes up to `limit` messages that are due out of the outbox, oldest first. Others that are being taken by another
   * process are passed over; what is taken is back when the transaction is rolled back.
   */
  abstract take(at: Date, limit: number, within: Transaction): Promise<Message[]>;
  /** A message that could not be handed over rests: a second, doubled with each try. */
  abstract rest(messageId: string, at: Date): Promise<void>;
  /** Messages in the outbox. */
  abstract count(): Promise<number>;
}

export interface OutboxRelayParts {
  transactions: Transactions;
  waiting: WaitingMessages;
  /** Each gets every message, in this order. */
  sinks: readonly MessageSink[];
  /** Told when a message could not be handed over. */
  failed: (messageId: string, cause: unknown) => void;
}

/** Hands what was committed to the outbox over to every way out, each message in one transaction with its removal. */
export class OutboxRelay {
  constructor(private readonly parts: OutboxRelayParts) {}

  /**
   * Hands over all messages that are due, and gives their number. A message that a sink refuses by throwing rests and
   * holds up nothing else. Ends early when it is no longer wanted. Throws when the database fails.
   */
  async runDue(at: Date, isWanted: () => boolean = () => true): Promise<number> {
    let handed = 0;
    for (let limit = RELAY_BATCH; isWanted();) {
      const batch = await this.handOver(at, limit);
      handed += batch.handed;
      if (batch.failed && limit > 1) limit = 1;
      else if (batch.failed) {
        await this.parts.waiting.rest(batch.failed.messageId, at);
        limit = RELAY_BATCH;
      } else if (batch.handed < limit) return handed;
    }
    return handed;
  }

  private async handOver(at: Date, limit: number): Promise<{ handed: number; failed?: Message }> {
    const { transactions, waiting, sinks, failed } = this.parts;
    let taken: Message[] = [];
    try {
      await transactions.run(async (within) => {
        taken = [];
        taken = await waiting.take(at, limit, within);
        if (taken.length === 0) return;
        for (const sink of sinks) await sink.take(taken, at, within);
      });
    } catch (cause) {
      const [first] = taken;
      if (!first) throw cause;
      if (limit === 1) failed(first.messageId, cause);
      return { handed: 0, failed: first };
    }
    if (taken.length > 0) for (const sink of sinks) sink.afterCommit?.(taken);
    return { handed: taken.length };
  }
}
