import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller, KeyId, Scope } from './caller.js';

/** A key as it is stored: its secret only as a SHA-256. */
export interface StoredKey {
  keyId: KeyId;
  secretHash: Buffer;
  scopes: Scope[];
  memberId: string | null;
  role: string | null;
  source: string;
  createdAt: Date;
  revokedAt: Date | null;
}

export interface NewKey {
  scopes: readonly Scope[];
  memberId?: string | null;
  source?: string | null;
}

/** `nba_<id>_<secret>`: 6 random bytes in hexadecimal, then 32 random bytes in base64url. */
const SHAPE = /^nba_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

export function makeKey(): { keyId: KeyId; secretHash: Buffer; key: string } {
  const keyId = randomBytes(6).toString('hex') as KeyId;
  const secret = randomBytes(32).toString('base64url');
  return { keyId, secretHash: hashSecret(secret), key: `nba_${keyId}_${secret}` };
}

export function parseKey(key: string): { keyId: KeyId; secretHash: Buffer } | undefined {
  const [, keyId, secret] = SHAPE.exec(key) ?? [];
  return keyId && secret ? { keyId: keyId as KeyId, secretHash: hashSecret(secret) } : undefined;
}

export function sameSecret(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The caller that a stored key stands for. */
export function callerOf(key: StoredKey): Caller {
  return { keyId: key.keyId, scopes: key.scopes, memberId: key.memberId, role: key.role, source: key.source };
}

export function holds(caller: Caller, needed: readonly Scope[]): boolean {
  return caller.scopes.includes('admin') || needed.some((scope) => caller.scopes.includes(scope));
}

export abstract class Keys {
  /** The key itself is given here and never again. Throws when the member is not known. */
  abstract create(key: NewKey, actor: string): Promise<{ keyId: KeyId; key: string }>;
  /** Null: no such key, a wrong secret, or revoked. */
  abstract authenticate(key: string): Promise<Caller | null>;
  abstract revoke(keyId: KeyId, actor: string): Promise<boolean>;
  abstract list(): Promise<Omit<StoredKey, 'secretHash'>[]>;
}
