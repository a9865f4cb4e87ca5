import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import { managerOf } from '../database/index.js';
import { type Clock, SECOND, type Transaction, type Transactions } from '../shared/index.js';
import type { AuditTrail } from './audit-trail.js';
import type { KeyId } from './caller.js';
import { sameSecret } from './keys.js';
import { OPERATOR_ROLE, scopesOfRole } from './role-scopes.js';
import { makeSessionToken, parseSessionToken, tokenHash } from './session-token.js';
import {
  IDLE_MILLISECONDS,
  LONGEST_SESSION_MILLISECONDS,
  RENEW_AFTER_MILLISECONDS,
  type SessionCaller,
  Sessions,
} from './sessions.js';

/** How long a session that ended may still be answered by another process. */
const REMEMBERED = 2 * SECOND;
const SESSIONS_REMEMBERED = 10_000;
/** Under which the events of people at the desk are deduplicated. */
const DESK_SOURCE = 'desk';

interface StoredSession {
  sessionId: string;
  secretHash: Buffer;
  memberId: string | null;
  role: string;
  createdAt: Date;
  renewedAt: Date;
  expiresAt: Date;
}

const SELECT = `
  select s.session_id as "sessionId", s.secret_hash as "secretHash", s.member_id as "memberId",
         coalesce(m.role, '${OPERATOR_ROLE}') as role, s.created_at as "createdAt", s.renewed_at as "renewedAt",
         s.expires_at as "expiresAt"
    from sessions s left join team_members m on m.member_id = s.member_id
   where s.session_id = $1 and s.ended_at is null and (s.member_id is null or m.member_id is not null)`;

export class PostgresSessions extends Sessions {
  private readonly known = new LRUCache<string, StoredSession>({ max: SESSIONS_REMEMBERED, ttl: REMEMBERED });

  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {
    super();
  }

  async begin(linkToken: string): Promise<{ token: string; caller: SessionCaller } | null> {
    const made = makeSessionToken();
    const begun = await this.transactions.run((within) => this.beginWithin(linkToken, made, within));
    if (!begun) return null;
    const caller = await this.authenticate(made.token);
    return caller && { token: made.token, caller };
  }

  private async beginWithin(
    linkToken: string,
    { sessionId, secretHash }: { sessionId: string; secretHash: Buffer },
    within: Transaction,
  ): Promise<boolean> {
    const manager = managerOf(within);
    const now = this.clock.now();
    const [links] = await manager.query<[{ member_id: string | null }[], number]>(
      `update sign_in_links set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2
       returning member_id`,
      [tokenHash(linkToken), now],
    );
    const [link] = links;
    if (!link) return false;
    await manager.query(
      `insert into sessions (session_id, secret_hash, member_id, created_at, renewed_at, expires_at)
       values ($1, $2, $3, $4, $4, $5)`,
      [sessionId, secretHash, link.member_id, now, new Date(now.getTime() + IDLE_MILLISECONDS)],
    );
    const actor = link.member_id ?? sessionId;
    await this.audit.record(
      [{ actor, action: 'session.begun', subjectKind: 'session', subjectId: sessionId }],
      within,
    );
    return true;
  }

  async authenticate(token: string): Promise<SessionCaller | null> {
    const parsed = parseSessionToken(token);
    if (!parsed) return null;
    const stored = this.known.get(parsed.sessionId) ?? (await this.read(parsed.sessionId));
    if (!stored || !sameSecret(stored.secretHash, parsed.secretHash)) return null;
    const now = this.clock.now();
    if (stored.expiresAt <= now) return null;
    if (now.getTime() - stored.renewedAt.getTime() >= RENEW_AFTER_MILLISECONDS) await this.renew(stored, now);
    return callerOf(stored);
  }

  private async read(sessionId: string): Promise<StoredSession | undefined> {
    const [stored] = await this.database.query<StoredSession[]>(SELECT, [sessionId]);
    if (stored) this.known.set(sessionId, stored);
    return stored;
  }

  private async renew(stored: StoredSession, now: Date): Promise<void> {
    stored.renewedAt = now;
    stored.expiresAt = new Date(
      Math.min(now.getTime() + IDLE_MILLISECONDS, stored.createdAt.getTime() + LONGEST_SESSION_MILLISECONDS),
    );
    await this.database.query(
      `update sessions set renewed_at = $2, expires_at = $3 where session_id = $1 and renewed_at < $2`,
      [stored.sessionId, stored.renewedAt, stored.expiresAt],
    );
  }

  async end(sessionId: string, actor: string): Promise<void> {
    this.known.delete(sessionId);
    await this.transactions.run(async (within) => {
      const [, ended] = await managerOf(within).query<[unknown[], number]>(
        'update sessions set ended_at = $2 where session_id = $1 and ended_at is null returning session_id',
        [sessionId, this.clock.now()],
      );
      if (ended === 0) return;
      await this.audit.record(
        [{ actor, action: 'session.ended', subjectKind: 'session', subjectId: sessionId }],
        within,
      );
    });
  }

  async everBegun(): Promise<boolean> {
    const found = await this.database.query<unknown[]>('select 1 from sessions limit 1');
    return found.length > 0;
  }

  async purge(before: Date): Promise<void> {
    await this.database.query('delete from sessions where expires_at < $1 or ended_at < $1', [before]);
  }
}

function callerOf(stored: StoredSession): SessionCaller {
  return {
    keyId: stored.sessionId as KeyId,
    scopes: scopesOfRole[stored.role] ?? [],
    memberId: stored.memberId,
    role: stored.role,
    source: DESK_SOURCE,
    session: { expiresAt: stored.expiresAt },
  };
}
