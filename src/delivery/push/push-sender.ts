import type { WebhookAnswer } from '../webhooks/webhook-sender.js';
import type { PushAddress } from './push-subscription.js';

/** One push to a browser, by way of its push service. */
export interface PushRequest {
  address: PushAddress;
  /** JSON text; encrypted for the browser alone. */
  payload: string;
  /** Seconds for which the push service keeps it for a browser that is away. */
  ttlSeconds: number;
  urgent: boolean;
  /** What a later push of the same topic replaces. */
  topic: string;
  /** Ends the attempt, as stopping the service does. */
  signal: AbortSignal;
}

/** Calls a push service. Never throws for what it, its name or its network does; never follows a redirect. */
export abstract class PushSender {
  abstract send(request: PushRequest): Promise<WebhookAnswer>;
}
