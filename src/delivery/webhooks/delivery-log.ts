import type { AccountId } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import type { EndpointId } from './endpoint.js';

export const deliveryStates = ['waiting', 'delivered', 'failed', 'expired', 'cancelled'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** One attempt, as the log shows it. */
export interface LoggedAttempt {
  /** From 1; replays go on counting. */
  attempt: number;
  at: Date;
  durationMilliseconds: number;
  /** HTTP status; null when there was no answer. */
  status: number | null;
  problem: string | null;
  /** First characters of the answer's body. */
  answer: string | null;
  /** When the next was planned then; null when none was. */
  nextAttemptAt: Date | null;
}

/** What became of one message at one endpoint. */
export interface LoggedDelivery {
  messageId: string;
  type: string;
  occurredAt: Date;
  accountId: AccountId | null;
  createdAt: Date;
  state: DeliveryState;
  /** Why it ended without being delivered. */
  because: string | null;
  nextAttemptAt: Date | null;
  /** Oldest first. */
  attempts: readonly LoggedAttempt[];
}

export interface LogQuery {
  endpointId: EndpointId;
  state: DeliveryState | null;
  messageId: string | null;
  /** Those older than this one. */
  before: { createdAt: Date; messageId: string } | null;
  limit: number;
}

/** Which messages to tell again. */
export interface Replay {
  /** One message; null: all from `since` on. */
  messageId: string | null;
  since: Date | null;
  until: Date | null;
  /** Leave out those that were delivered. */
  onlyUndelivered: boolean;
}

/** What an endpoint was told, and telling it again. */
export abstract class DeliveryLog {
  /** Newest first. */
  abstract page(query: LogQuery): Promise<LoggedDelivery[]>;
  /**
   * Starts the schedule anew for kept messages whose type the endpoint takes, under their own ids. Those that need not
   * be told any more stay. A message named by its id may be of any type. Gives how many wait now.
   */
  abstract replay(endpointId: EndpointId, replay: Replay, at: Date, within: Transaction): Promise<number>;
  /** Queues a test message for one endpoint. */
  abstract ping(endpointId: EndpointId, messageId: string, at: Date, within: Transaction): Promise<void>;
  /** Forgets up to `limit` messages that occurred before, unless one still waits; gives their number. */
  abstract purge(before: Date, limit: number): Promise<number>;
}
