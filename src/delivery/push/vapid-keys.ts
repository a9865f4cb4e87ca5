import { createECDH } from 'node:crypto';

const CURVE = 'prime256v1';
const PRIVATE_BYTES = 32;

/** Who we are to push services (RFC 8292): a subscription is bound to the public key. Both base64url. */
export interface VapidKeys {
  publicKey: string;
  privateKey: string;
}

/** A new private key, 32 bytes in base64url. */
export function freshVapidKey(): string {
  const pair = createECDH(CURVE);
  pair.generateKeys();
  // the library leaves out leading zeros
  const bytes = Buffer.alloc(PRIVATE_BYTES);
  const own = pair.getPrivateKey();
  own.copy(bytes, PRIVATE_BYTES - own.length);
  return bytes.toString('base64url');
}

/** The pair of a private key. Throws when it is none. */
export function vapidKeysOf(privateKey: string): VapidKeys {
  const pair = createECDH(CURVE);
  pair.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  return { privateKey, publicKey: pair.getPublicKey('base64url') };
}
