import type { DataSource } from 'typeorm';
import { managerOf } from '../database/index.js';
import type { Clock, Transactions } from '../shared/index.js';
import type { AuditTrail } from './audit-trail.js';
import { makeToken, tokenHash } from './session-token.js';
import { type Invitation, LINK_MILLISECONDS, SignInLinks } from './sign-in-links.js';
import { ensureMember } from './team-member.postgres.js';

export class PostgresSignInLinks extends SignInLinks {
  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {
    super();
  }

  async create(memberId: string | null, actor: string): Promise<string> {
    if (memberId !== null) await ensureMember(this.database, memberId);
    const token = makeToken();
    const now = this.clock.now();
    await this.transactions.run(async (within) => {
      await managerOf(within).query(
        `insert into sign_in_links (token_hash, member_id, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5)`,
        [tokenHash(token), memberId, actor, now, new Date(now.getTime() + LINK_MILLISECONDS)],
      );
      await this.audit.record(
        [
          {
            actor,
            action: 'sign-in-link.created',
            subjectKind: 'member',
            subjectId: memberId ?? 'operator',
          },
        ],
        within,
      );
    });
    return token;
  }

  async peek(token: string): Promise<Invitation | null> {
    const [row] = await this.database.query<{ member_id: string | null; name: string | null }[]>(
      `select l.member_id, m.name from sign_in_links l left join team_members m on m.member_id = l.member_id
        where l.token_hash = $1 and l.used_at is null and l.expires_at > $2
          and (l.member_id is null or m.member_id is not null)`,
      [tokenHash(token), this.clock.now()],
    );
    return row ? { memberId: row.member_id, name: row.name } : null;
  }

  async purge(before: Date): Promise<void> {
    await this.database.query('delete from sign_in_links where expires_at < $1', [before]);
  }
}
