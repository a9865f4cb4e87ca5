import type { Id, Transaction } from '../../shared/index.js';
import { type MessageType, messageTypes } from '../message.js';

export type EndpointId = Id<'webhook-endpoint'>;

/** What webhooks tell: all messages but those that only the desk's own list cares about. */
export const webhookTypes: readonly MessageType[] = messageTypes.filter(
  (type) => type !== 'suggestion.closed',
);

/** They ask somebody to act: told only to an endpoint that names them, or two would touch the customer. */
export const typesToBeNamed: readonly MessageType[] = ['touch.requested', 'touch.cancelled'];

/** Type of a test message; told to the endpoint that asked for it. */
export const PING = 'webhook.ping';

/** A receiver of webhooks, without its secrets. */
export interface WebhookEndpoint {
  endpointId: EndpointId;
  url: string;
  /** Empty: all but `typesToBeNamed`. */
  eventTypes: readonly MessageType[];
  description: string;
  enabled: boolean;
  disabledAt: Date | null;
  disabledBecause: string | null;
  /** Since then every attempt has failed; null when the last one succeeded. */
  failingSince: Date | null;
  /** The receiver asked not to be called before. */
  restsUntil: Date | null;
  /** Until then the secret before the last rotation signs too. */
  previousSecretUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What a caller says of an endpoint. */
export interface EndpointFields {
  endpointId: EndpointId;
  url: string;
  eventTypes: readonly MessageType[];
  description: string;
}

/** The receivers of webhooks. Changes take part in a transaction. */
export abstract class WebhookEndpoints {
  abstract find(endpointId: EndpointId): Promise<WebhookEndpoint | undefined>;
  /** By id, those after `after`. */
  abstract page(after: EndpointId | null, limit: number): Promise<WebhookEndpoint[]>;
  /** Creates with the secret, or replaces and keeps secret, state and log. True when it was created. */
  abstract save(fields: EndpointFields, secret: string, at: Date, within: Transaction): Promise<boolean>;
  /** The secret until now goes on signing until `overlapUntil`. False when there is no such endpoint. */
  abstract rotate(
    endpointId: EndpointId,
    secret: string,
    overlapUntil: Date,
    at: Date,
    within: Transaction,
  ): Promise<boolean>;
  /** `because` null: enabled, and its failures forgotten. False when there is no such endpoint. */
  abstract turn(
    endpointId: EndpointId,
    because: string | null,
    at: Date,
    within: Transaction,
  ): Promise<boolean>;
  /** With all that it was to be told, and the log. False when there is no such endpoint. */
  abstract remove(endpointId: EndpointId, within: Transaction): Promise<boolean>;
}
