import webPush from 'web-push';
import type { WebhookAnswer, WebhookSender } from '../webhooks/webhook-sender.js';
import { type PushRequest, PushSender } from './push-sender.js';
import type { VapidKeys } from './vapid-keys.js';

/**
 * Web Push (RFC 8030): encrypted for the browser (RFC 8291), signed by us (RFC 8292). The call itself goes through the
 * client of the webhooks: addresses inside are refused, nothing is redirected, and the whole answer has a time limit.
 */
export class WebPushSender extends PushSender {
  constructor(
    private readonly client: WebhookSender,
    private readonly keys: VapidKeys,
    /** How a push service can reach us: `mailto:` or `https:`. */
    private readonly subject: string,
  ) {
    super();
  }

  send({ address, payload, ttlSeconds, urgent, topic, signal }: PushRequest): Promise<WebhookAnswer> {
    const { endpoint, p256dh, auth } = address;
    const { headers, body } = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
      vapidDetails: { ...this.keys, subject: this.subject },
      TTL: ttlSeconds,
      urgency: urgent ? 'high' : 'normal',
      topic,
    });
    return this.client.send({ url: endpoint, headers: lowerCased(headers), body, signal });
  }
}

/** So that they take the place of the client's own. */
function lowerCased(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
