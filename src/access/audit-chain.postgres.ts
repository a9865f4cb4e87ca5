import { randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { managerOf } from '../database/index.js';
import type { Transaction, Transactions } from '../shared/index.js';
import {
  AuditChain,
  type ChainProblem,
  checkSeal,
  entryDigest,
  ERASED_SUBJECT,
  type SealedEntry,
  sealOf,
  type Verification,
} from './audit-chain.js';

/** Held by the one who seals. Any constant. */
const SEALER_LOCK = 7_263_573;
const PAGE = 1_000;
/**
 * Entries are sealed in the order in which they are found, since their numbers may commit in another order: one that is so
 * far behind the newest sealed number is not looked for any more, and the verification tells of it as unsealed.
 */
const LATE_NUMBERS = 10_000;
const SALT_BYTES = 16;

/** The entry as text, the same for as long as the entry is the same. */
const CONTENT = `jsonb_build_object('entryId', e.entry_id, 'at', extract(epoch from e.at), 'actor', e.actor,
  'action', e.action, 'subjectKind', e.subject_kind, 'subjectId', e.subject_id, 'detail', e.detail)::text`;

interface SealRow {
  position: string;
  entry_id: string;
  salt: Buffer | null;
  digest: Buffer;
  seal: Buffer;
  content: string | null;
  erased: boolean;
}

export class PostgresAuditChain extends AuditChain {
  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
  ) {
    super();
  }

  async seal(): Promise<number> {
    let sealed = 0;
    for (let some = PAGE; some === PAGE;) {
      some = await this.transactions.run((within) => this.sealPage(managerOf(within)));
      sealed += some;
    }
    return sealed;
  }

  private async sealPage(manager: EntityManager): Promise<number> {
    const [lock] = await manager.query<{ mine: boolean }[]>('select pg_try_advisory_xact_lock($1) as mine', [
      SEALER_LOCK,
    ]);
    if (!lock?.mine) return 0;
    const [last] = await manager.query<{ position: string; seal: Buffer }[]>(
      'select position, seal from audit_seals order by position desc limit 1',
    );
    const entries = await manager.query<{ entry_id: string; content: string }[]>(
      `select e.entry_id, ${CONTENT} as content from audit_entries e
        where e.entry_id > coalesce((select max(entry_id) from audit_seals), 0) - $1
          and not exists (select from audit_seals s where s.entry_id = e.entry_id)
        order by e.entry_id limit $2`,
      [LATE_NUMBERS, PAGE],
    );
    if (entries.length === 0) return 0;
    const made = chainOn({ position: Number(last?.position ?? 0), seal: last?.seal ?? null }, entries);
    await manager.query(
      `insert into audit_seals (position, entry_id, salt, digest, seal)
       select * from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[])`,
      [
        made.map(({ position }) => position),
        made.map(({ entryId }) => entryId),
        made.map(({ salt }) => salt),
        made.map(({ digest }) => digest),
        made.map(({ seal }) => seal),
      ],
    );
    return made.length;
  }

  async verify(): Promise<Verification> {
    let before: { position: number; seal: Buffer | null } = { position: 0, seal: null };
    let erased = 0;
    let broken: ChainProblem | null = null;
    for (let page = await this.page(0); page.length > 0; page = await this.page(before.position)) {
      for (const next of page) {
        broken ??= checkSeal(next, before) ?? null;
        if (next.salt === null) erased += 1;
        before = next;
      }
    }
    const [counts] = await this.database.query<{ sealed: string; unsealed: string }[]>(
      `select (select count(*) from audit_seals) as sealed, (select count(*) from audit_entries e
         where not exists (select from audit_seals s where s.entry_id = e.entry_id)) as unsealed`,
    );
    return {
      intact: broken === null,
      sealed: Number(counts?.sealed ?? 0),
      erased,
      unsealed: Number(counts?.unsealed ?? 0),
      head: before.seal && { position: before.position, seal: before.seal.toString('hex') },
      broken,
    };
  }

  private async page(after: number): Promise<SealedEntry[]> {
    const rows = await this.database.query<SealRow[]>(
      `select s.position, s.entry_id, s.salt, s.digest, s.seal, case when e.entry_id is not null then ${CONTENT} end as content,
              coalesce(e.subject_id = $3 and e.detail = '{}', false) as erased
         from audit_seals s left join audit_entries e using (entry_id)
        where s.position > $1 order by s.position limit $2`,
      [after, PAGE, ERASED_SUBJECT],
    );
    return rows.map(({ position, entry_id, ...rest }) => ({
      ...rest,
      position: Number(position),
      entryId: Number(entry_id),
    }));
  }

  async erase(subjectIds: readonly string[], within: Transaction): Promise<number> {
    const manager = managerOf(within);
    const [rows] = await manager.query<[{ entry_id: string }[], number]>(
      `update audit_entries set subject_id = $2, detail = '{}'
        where subject_id = any($1) or string_to_array(subject_id, '/') && $1::text[] or exists (select from jsonb_each_text(detail) said where said.value = any($1))
       returning entry_id`,
      [subjectIds, ERASED_SUBJECT],
    );
    await manager.query('update audit_seals set salt = null where entry_id = any($1::bigint[])', [
      rows.map(({ entry_id }) => entry_id),
    ]);
    return rows.length;
  }
}

function chainOn(
  before: { position: number; seal: Buffer | null },
  entries: readonly { entry_id: string; content: string }[],
): { position: number; entryId: number; salt: Buffer; digest: Buffer; seal: Buffer }[] {
  let last = before;
  return entries.map(({ entry_id, content }) => {
    const place = { position: last.position + 1, entryId: Number(entry_id) };
    const salt = randomBytes(SALT_BYTES);
    const digest = entryDigest(salt, content);
    const made = { ...place, salt, digest, seal: sealOf(last.seal, place, digest) };
    last = made;
    return made;
  });
}
