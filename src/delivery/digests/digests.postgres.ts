import type { DataSource } from 'typeorm';
import type { MemberId } from '../../catalogue/index.js';
import type { DigestPeriod } from './digest-period.js';
import { addDays } from '../../shared/index.js';
import {
  type ClaimedDigest,
  type DigestEnd,
  type DigestEntries,
  type DigestRecord,
  Digests,
} from './digests.js';

/** How long it can be looked up what was sent. */
const KEPT_DAYS = 90;

const TAKE = `
  with due as (
    select member_id, period from digests
     where state = 'due' and next_try_at <= $1 and until > $1 and (lease_until is null or lease_until <= $1)
     order by next_try_at, member_id limit $4 for update skip locked
  )
  update digests d set claim = $3, lease_until = $2
    from due where d.member_id = due.member_id and d.period = due.period
  returning d.member_id as "memberId", d.period, d.due_at as "dueAt", d.until, d.claim,
            (select count(*)::int from digest_attempts a where a.member_id = d.member_id and a.period = d.period) as attempts`;

const BEGIN = `
  with begun as (
    update digests set state = 'sending', entries = $4 where member_id = $1 and period = $2 and claim = $3 and state = 'due'
    returning member_id, period
  )
  insert into digest_attempts (member_id, period, attempt, at)
  select member_id, period, $5, $6 from begun
  returning attempt`;

const END = `
  with ended as (
    update digests
       set state = $4, because = $5, next_try_at = $6, claim = null, lease_until = null,
           ended_at = case when $4 <> 'due' then $7::timestamptz end
     where member_id = $1 and period = $2 and claim = $3
    returning member_id, period
  )
  update digest_attempts a set outcome = $8, because = $5
    from ended where a.member_id = ended.member_id and a.period = ended.period and a.attempt = $9 and $8::text is not null`;

export class PostgresDigests extends Digests {
  constructor(private readonly database: DataSource) {
    super();
  }

  async note(periods: readonly (DigestPeriod & { memberId: MemberId })[], at: Date): Promise<void> {
    if (periods.length === 0) return;
    await this.database.query(
      `insert into digests (member_id, period, due_at, until, state, next_try_at)
       select member_id, period, due_at, until, 'due', $5
         from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[]) as g(member_id, period, due_at, until)
       on conflict do nothing`,
      [
        periods.map(({ memberId }) => memberId),
        periods.map(({ period }) => period),
        periods.map(({ dueAt }) => dueAt),
        periods.map(({ until }) => until),
        at,
      ],
    );
  }

  async take(at: Date, leaseUntil: Date, claim: string, limit: number): Promise<ClaimedDigest[]> {
    const [rows] = await this.database.query<[ClaimedDigest[], number]>(TAKE, [at, leaseUntil, claim, limit]);
    return rows;
  }

  async begin(digest: ClaimedDigest, entries: DigestEntries, at: Date): Promise<boolean> {
    const { memberId, period, claim, attempts } = digest;
    const begun = await this.database.query<unknown[]>(BEGIN, [
      memberId,
      period,
      claim,
      JSON.stringify(entries),
      attempts + 1,
      at,
    ]);
    return begun.length > 0;
  }

  async end({ memberId, period, claim, attempts }: ClaimedDigest, end: DigestEnd, at: Date): Promise<void> {
    await this.database.query(END, [
      memberId,
      period,
      claim,
      end.state,
      'because' in end ? end.because : null,
      end.state === 'due' ? end.nextTryAt : null,
      at,
      outcomeOf(end),
      attempts + 1,
    ]);
  }

  async giveUp(at: Date): Promise<number> {
    const [, unknown] = await this.database.query<[unknown[], number]>(
      `update digests set state = 'unknown', because = 'whoever sent it never said whether it left', claim = null,
              lease_until = null, ended_at = $1
        where state = 'sending' and lease_until <= $1`,
      [at],
    );
    const [, stale] = await this.database.query<[unknown[], number]>(
      `update digests set state = 'failed', because = coalesce(because, 'it could not be sent in its time'), claim = null,
              lease_until = null, next_try_at = null, ended_at = $1
        where state = 'due' and until <= $1 and (lease_until is null or lease_until <= $1)`,
      [at],
    );
    await this.database.query('delete from digests where due_at < $1', [addDays(at, -KEPT_DAYS)]);
    return unknown + stale;
  }

  async last(memberId: MemberId): Promise<DigestRecord | null> {
    const [row] = await this.database.query<DigestRecord[]>(
      `select period, state, due_at as "dueAt", ended_at as "endedAt", because
         from digests where member_id = $1 order by due_at desc limit 1`,
      [memberId],
    );
    return row ?? null;
  }
}

/** Null: no mail was tried. */
function outcomeOf({ state }: DigestEnd): 'accepted' | 'refused' | 'uncertain' | null {
  if (state === 'empty') return null;
  if (state === 'sent') return 'accepted';
  return state === 'unknown' ? 'uncertain' : 'refused';
}
