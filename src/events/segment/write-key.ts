import type { Json } from '../../shared/index.js';
import { isObject } from '../parsing.js';

/**
 * The write key of a Segment or RudderStack call: Basic with the key as the user (whatever follows the colon, and also
 * without one), Bearer, the `writeKey` of the body, or that of the address (beacons). The header counts first.
 */
export function writeKeysOf(authorization: string | undefined, body: Json, query: Json): string[] {
  const keys = [
    fromHeader(authorization),
    isObject(body) ? body['writeKey'] : undefined,
    isObject(query) ? query['writeKey'] : undefined,
  ];
  return [...new Set(keys.filter((key): key is string => typeof key === 'string' && key !== ''))];
}

function fromHeader(authorization: string | undefined): string | undefined {
  const [scheme, credentials] = authorization?.trim().split(/\s+/) ?? [];
  if (!scheme || !credentials) return undefined;
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  return Buffer.from(credentials, 'base64').toString().split(':')[0];
}
