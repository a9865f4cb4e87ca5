import type { DataSource } from 'typeorm';
import {
  ABANDONED_MILLISECONDS,
  type Claim,
  KEPT_MILLISECONDS,
  type KeptAnswer,
  KeptAnswers,
  type KeyedRequest,
} from './kept-answers.js';

interface Row {
  fingerprint: string;
  status: number | null;
  body: string | null;
}

export class PostgresKeptAnswers extends KeptAnswers {
  constructor(private readonly database: DataSource) {
    super();
  }

  async claim(request: KeyedRequest): Promise<Claim> {
    const { callerId, idempotencyKey, fingerprint, at } = request;
    const claimed = await this.database.query<unknown[]>(
      `insert into idempotency_keys as kept (key_id, idempotency_key, fingerprint, created_at) values ($1, $2, $3, $4)
       on conflict (key_id, idempotency_key) do update
         set fingerprint = excluded.fingerprint, created_at = excluded.created_at, status = null, body = null
         where kept.created_at <= $5 or (kept.status is null and kept.created_at <= $6)
       returning 1`,
      [
        callerId,
        idempotencyKey,
        fingerprint,
        at,
        before(at, KEPT_MILLISECONDS),
        before(at, ABANDONED_MILLISECONDS),
      ],
    );
    if (claimed.length > 0) return { kind: 'first' };
    const [row] = await this.database.query<Row[]>(
      'select fingerprint, status, body from idempotency_keys where key_id = $1 and idempotency_key = $2',
      [callerId, idempotencyKey],
    );
    // released just now: whoever had it is being answered, and asking again is safe
    if (!row) return { kind: 'in-flight' };
    if (row.fingerprint !== fingerprint) return { kind: 'other' };
    if (row.status === null) return { kind: 'in-flight' };
    return { kind: 'answered', answer: { status: row.status, body: row.body } };
  }

  async keep({ callerId, idempotencyKey, at }: KeyedRequest, { status, body }: KeptAnswer): Promise<void> {
    await this.database.query(
      `update idempotency_keys set status = $4, body = $5
        where key_id = $1 and idempotency_key = $2 and created_at = $3`,
      [callerId, idempotencyKey, at, status, body],
    );
  }

  async release({ callerId, idempotencyKey, at }: KeyedRequest): Promise<void> {
    await this.database.query(
      `delete from idempotency_keys where key_id = $1 and idempotency_key = $2 and created_at = $3 and status is null`,
      [callerId, idempotencyKey, at],
    );
  }

  async purge(at: Date): Promise<void> {
    await this.database.query('delete from idempotency_keys where created_at < $1', [at]);
  }
}

function before(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() - milliseconds);
}
