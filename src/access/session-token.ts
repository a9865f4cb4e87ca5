import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const ID_BYTES = 8;
const SHAPE = /^(session-[0-9a-f]{16})\.([A-Za-z0-9_-]{43})$/;

/** A secret that is good for something by itself: 32 random bytes in base64url. */
export function makeToken(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** SHA-256 of a token: what is stored of it. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** `session-<id>.<secret>`, the value of the cookie. */
export function makeSessionToken(): { sessionId: string; secretHash: Buffer; token: string } {
  const sessionId = `session-${randomBytes(ID_BYTES).toString('hex')}`;
  const secret = makeToken();
  return { sessionId, secretHash: tokenHash(secret), token: `${sessionId}.${secret}` };
}

export function parseSessionToken(token: string): { sessionId: string; secretHash: Buffer } | undefined {
  const [, sessionId, secret] = SHAPE.exec(token) ?? [];
  return sessionId && secret ? { sessionId, secretHash: tokenHash(secret) } : undefined;
}
