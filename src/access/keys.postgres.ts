import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import { type Clock, SECOND, type Transactions } from '../shared/index.js';
import type { AuditTrail } from './audit-trail.js';
import type { Caller, KeyId, Scope } from './caller.js';
import { callerOf, Keys, makeKey, type NewKey, parseKey, sameSecret, type StoredKey } from './keys.js';
import { managerOf } from '../database/index.js';
import { ensureMember } from './team-member.postgres.js';

interface Row {
  key_id: string;
  secret_hash: Buffer;
  scopes: Scope[];
  member_id: string | null;
  role: string | null;
  source: string;
  created_at: Date;
  revoked_at: Date | null;
}

const SELECT = `
  select k.key_id, k.secret_hash, k.scopes, k.member_id, m.role, k.source, k.created_at, k.revoked_at
    from api_keys k left join team_members m on m.member_id = k.member_id`;

/** How long a revoked key may still be answered by another process. */
const REMEMBERED = 5 * SECOND;
const KEYS_REMEMBERED = 10_000;

export class PostgresKeys extends Keys {
  private readonly known = new LRUCache<string, StoredKey>({ max: KEYS_REMEMBERED, ttl: REMEMBERED });

  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {
    super();
  }

  async create(key: NewKey, actor: string): Promise<{ keyId: KeyId; key: string }> {
    const made = makeKey();
    const memberId = key.memberId ?? null;
    if (memberId !== null) await ensureMember(this.database, memberId);
    await this.transactions.run(async (within) => {
      await managerOf(within).query(
        `insert into api_keys (key_id, secret_hash, scopes, member_id, source, created_at) values ($1, $2, $3, $4, $5, $6)`,
        [made.keyId, made.secretHash, [...key.scopes], memberId, key.source ?? made.keyId, this.clock.now()],
      );
      await this.audit.record(
        [
          {
            actor,
            action: 'key.created',
            subjectKind: 'key',
            subjectId: made.keyId,
            detail: { scopes: key.scopes.join(' '), memberId },
          },
        ],
        within,
      );
    });
    return { keyId: made.keyId, key: made.key };
  }

  async authenticate(key: string): Promise<Caller | null> {
    const parsed = parseKey(key);
    if (!parsed) return null;
    const stored = this.known.get(parsed.keyId) ?? (await this.read(parsed.keyId));
    if (!stored || stored.revokedAt !== null || !sameSecret(stored.secretHash, parsed.secretHash))
      return null;
    return callerOf(stored);
  }

  private async read(keyId: KeyId): Promise<StoredKey | undefined> {
    const [row] = await this.database.query<Row[]>(`${SELECT} where k.key_id = $1`, [keyId]);
    if (!row) return undefined;
    const stored = toKey(row);
    this.known.set(keyId, stored);
    return stored;
  }

  async revoke(keyId: KeyId, actor: string): Promise<boolean> {
    this.known.delete(keyId);
    return this.transactions.run(async (within) => {
      const rows = await managerOf(within).query<[unknown[], number]>(
        'update api_keys set revoked_at = $2 where key_id = $1 and revoked_at is null returning key_id',
        [keyId, this.clock.now()],
      );
      if (rows[1] === 0) return false;
      await this.audit.record(
        [{ actor, action: 'key.revoked', subjectKind: 'key', subjectId: keyId }],
        within,
      );
      return true;
    });
  }

  async list(): Promise<Omit<StoredKey, 'secretHash'>[]> {
    const rows = await this.database.query<Row[]>(`${SELECT} order by k.created_at, k.key_id`);
    return rows.map((row) => {
      const { secretHash: _, ...shown } = toKey(row);
      return shown;
    });
  }
}

function toKey(row: Row): StoredKey {
  return {
    keyId: row.key_id as KeyId,
    secretHash: row.secret_hash,
    scopes: row.scopes,
    memberId: row.member_id,
    role: row.role,
    source: row.source,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}
