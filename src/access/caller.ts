import type { Id } from '../shared/index.js';

export const scopes = [
  'ingest',
  'ingest:public',
  'score',
  'feedback',
  'read',
  'catalogue',
  'consent',
  'train',
  'audit',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

export type KeyId = Id<'key'>;

/** Who calls: a key or a session, perhaps bound to a team member, whose role and accounts it then has. */
export interface Caller {
  /** Of the key, or of the session. */
  keyId: KeyId;
  scopes: readonly Scope[];
  memberId: string | null;
  role: string | null;
  /** Stable name under which this key's events are deduplicated. */
  source: string;
  /** When the caller signed in at the desk. */
  session?: { expiresAt: Date };
}
