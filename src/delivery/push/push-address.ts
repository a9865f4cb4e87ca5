import { createECDH } from 'node:crypto';
import { type FieldProblem, sha256 } from '../../shared/index.js';
import { endpointUrlProblem } from '../webhooks/public-address.js';
import type { PushAddress, PushSubscriptionId } from './push-subscription.js';

const AUTH_BYTES = 16;
const POINT_BYTES = 65;
const BASE64URL = /^[A-Za-z0-9_-]+={0,2}$/;

/** The same for every registration of one browser, and no way back to its endpoint. */
export function subscriptionIdOf(endpoint: string): PushSubscriptionId {
  return `push_${sha256(endpoint).slice(0, 32)}` as PushSubscriptionId;
}

/** What is wrong with an address, with pointers as the browser's own JSON has them; empty when nothing is. */
export function addressProblems(
  { endpoint, p256dh, auth }: PushAddress,
  allowPrivate: boolean,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const wrongUrl = endpointUrlProblem(endpoint, allowPrivate) ?? plainProblem(endpoint, allowPrivate);
  if (wrongUrl) problems.push({ pointer: '/endpoint', detail: wrongUrl });
  if (!isPoint(p256dh))
    problems.push({
      pointer: '/keys/p256dh',
      detail: 'must be a point on P-256 (65 bytes, uncompressed) in base64url, as the browser gives it',
    });
  if (!BASE64URL.test(auth) || Buffer.from(auth, 'base64url').length !== AUTH_BYTES)
    problems.push({ pointer: '/keys/auth', detail: `must be ${AUTH_BYTES} bytes in base64url` });
  return problems;
}

function plainProblem(endpoint: string, allowPrivate: boolean): string | null {
  return allowPrivate || endpoint.startsWith('https:') ? null : 'must start with https://';
}

/** Only a point on the curve can be encrypted for: anything else would fail later, without anybody seeing it. */
function isPoint(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url');
  if (!BASE64URL.test(text) || bytes.length !== POINT_BYTES) return false;
  const own = createECDH('prime256v1');
  own.generateKeys();
  try {
    return own.computeSecret(bytes).length > 0;
  } catch {
    return false;
  }
}
