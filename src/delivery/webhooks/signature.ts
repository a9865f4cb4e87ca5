import { createHmac, randomBytes } from 'node:crypto';
import { SECOND } from '../../shared/index.js';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret of an endpoint: `whsec_` and 32 random bytes in base64. */
export function freshSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64, as Standard Webhooks 1.0 signs. `seconds`: Unix time. */
export function signature(secret: string, messageId: string, seconds: number, body: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${messageId}.${seconds}.${body}`).digest('base64')}`;
}

/** The three headers of an attempt; signed with each secret, so that a receiver may know the old or the new one. */
export function signedHeaders(
  secrets: readonly string[],
  messageId: string,
  at: Date,
  body: string,
): Record<string, string> {
  const seconds = Math.floor(at.getTime() / SECOND);
  return {
    'webhook-id': messageId,
    'webhook-timestamp': String(seconds),
    'webhook-signature': secrets.map((secret) => signature(secret, messageId, seconds, body)).join(' '),
  };
}
