import type { AccountId } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import type { MessageType } from '../message.js';
import type { EndpointId, PING } from './endpoint.js';

/** A message as it is kept for webhooks. */
export interface StoredMessage {
  messageId: string;
  type: MessageType | typeof PING;
  occurredAt: Date;
  accountId: AccountId | null;
  data: Readonly<Record<string, unknown>>;
  /** From then on it is not told any more. */
  notAfter: Date | null;
}

/** One message for one endpoint, claimed for one attempt. */
export interface ClaimedDelivery {
  endpointId: EndpointId;
  url: string;
  /** The present secret first; also the one before while both sign. */
  secrets: readonly string[];
  message: StoredMessage;
  /** Place in the schedule of the attempt to be made, from 0. */
  step: number;
  /** Whoever marks shows it: the delivery may have been claimed anew meanwhile. */
  claim: string;
}

/** How an attempt went. */
export interface AttemptReport {
  at: Date;
  durationMilliseconds: number;
  /** HTTP status; null when there was no answer. */
  status: number | null;
  /** Why it failed without a status that says so; null otherwise. */
  problem: string | null;
  /** First characters of the answer's body. */
  answer: string | null;
}

/** What follows from an attempt. */
export type Consequence =
  | { state: 'delivered' }
  | { state: 'waiting'; nextAttemptAt: Date; restsUntil: Date | null }
  /** No further attempt. `disable`: and nothing else is told to this endpoint. */
  | { state: 'failed' | 'expired'; because: string; disable: string | null };

/** An endpoint after an attempt. */
export interface EndpointHealth {
  enabled: boolean;
  /** Since then every attempt has failed; null after a success. */
  failingSince: Date | null;
}

export interface Room {
  /** Attempts under way in this process. */
  underWay: ReadonlyMap<EndpointId, number>;
  /** Attempts that may be under way at once to one endpoint. */
  perEndpoint: number;
  /** The same while an endpoint is failing. */
  perFailingEndpoint: number;
  /** Deliveries to claim at most. */
  total: number;
}

/** What is to be told to whom. A claim is a lease: until it is over nobody else makes the attempt. */
export abstract class WebhookDeliveries {
  /** Claims what is due, to enabled endpoints with room, until `leaseUntil`. */
  abstract claim(at: Date, leaseUntil: Date, claim: string, room: Room): Promise<ClaimedDelivery[]>;
  /**
   * Writes the attempt down and what follows from it. Of a delivery that was claimed anew meanwhile only the attempt is
   * written.
   */
  abstract mark(
    delivery: ClaimedDelivery,
    report: AttemptReport,
    consequence: Consequence,
    within: Transaction,
  ): Promise<EndpointHealth>;
  /** Ends a delivery without an attempt. */
  abstract end(delivery: ClaimedDelivery, state: 'expired' | 'cancelled', because: string): Promise<void>;
  /** Gives a claim back: due at once again, no attempt counted. */
  abstract release(delivery: ClaimedDelivery, at: Date): Promise<void>;
}
