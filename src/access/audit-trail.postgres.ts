import type { DataSource } from 'typeorm';
import { managerOf } from '../database/index.js';
import type { Clock, Transaction } from '../shared/index.js';
import { type AuditEntry, AuditTrail, type RecordedEntry } from './audit-trail.js';

export class PostgresAuditTrail extends AuditTrail {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  async record(entries: readonly AuditEntry[], within?: Transaction): Promise<void> {
    if (entries.length === 0) return;
    const manager = within ? managerOf(within) : this.database;
    await manager.query(
      `insert into audit_entries (at, actor, action, subject_kind, subject_id, detail)
       select $1::timestamptz, e.actor, e.action, e.subject_kind, e.subject_id, e.detail::jsonb
         from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) as e(actor, action, subject_kind, subject_id, detail)`,
      [
        this.clock.now(),
        entries.map((entry) => entry.actor),
        entries.map((entry) => entry.action),
        entries.map((entry) => entry.subjectKind),
        entries.map((entry) => entry.subjectId),
        entries.map((entry) => JSON.stringify(entry.detail ?? {})),
      ],
    );
  }

  async page(query: { before?: number; subjectId?: string; limit: number }): Promise<RecordedEntry[]> {
    const rows = await this.database.query<EntryRow[]>(
      `select entry_id, at, actor, action, subject_kind, subject_id, detail from audit_entries
        where ($1::bigint is null or entry_id < $1) and ($2::text is null or subject_id = $2)
        order by entry_id desc limit $3`,
      [query.before ?? null, query.subjectId ?? null, query.limit],
    );
    return rows.map((row) => ({
      entryId: Number(row.entry_id),
      at: row.at,
      actor: row.actor,
      action: row.action,
      subjectKind: row.subject_kind,
      subjectId: row.subject_id,
      detail: row.detail,
    }));
  }
}

interface EntryRow {
  entry_id: string;
  at: Date;
  actor: string;
  action: string;
  subject_kind: string;
  subject_id: string;
  detail: NonNullable<AuditEntry['detail']>;
}
