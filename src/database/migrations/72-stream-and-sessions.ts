import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The live stream, sign-in and sessions of the desk, kept answers, and the chain over the audit trail. */
export class StreamAndSessions1700000000072 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table idempotency_keys alter column body type jsonb using body::jsonb');
    await runner.query('drop table audit_seals, sessions, sign_in_links, stream_floor, stream_entries');
    await runner.query('drop function refuse_seal_change');
    await runner.query('drop trigger audit_entries_append_only on audit_entries');
    await runner.query('drop function refuse_audit_change');
    await runner.query(
      `create trigger audit_entries_append_only before update or delete on audit_entries
         for each row execute function refuse_change()`,
    );
  }
}

/** Stands for whom an entry was about, once that was erased. */
const ERASED_SUBJECT = '(erased)';

const statements = [
  `create table stream_entries (
    sequence bigint generated always as identity,
    message_id text not null,
    event text not null,
    account_id text,
    member_ids text[] not null,
    data text not null,
    at timestamptz not null,
    constraint "PK_stream_entries" primary key (sequence),
    constraint "UQ_stream_entries_message" unique (message_id)
  )`,
  'create index "IDX_stream_entries_at" on stream_entries (at)',
  // one row: up to where entries were forgotten, so that a reader who was further back can be told
  `create table stream_floor (
    one boolean not null default true check (one),
    forgotten_to bigint not null,
    constraint "PK_stream_floor" primary key (one)
  )`,
  'insert into stream_floor (forgotten_to) values (0)',
  `create table sign_in_links (
    token_hash bytea not null,
    member_id text,
    created_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint "PK_sign_in_links" primary key (token_hash)
  )`,
  `create table sessions (
    session_id text not null,
    secret_hash bytea not null,
    member_id text,
    created_at timestamptz not null,
    renewed_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    constraint "PK_sessions" primary key (session_id)
  )`,
  // the text as it was answered: jsonb would put the members in another order
  'alter table idempotency_keys alter column body type text using body::text',
  'create index "IDX_idempotency_keys_created" on idempotency_keys (created_at)',
  // a chain over the audit trail: each seal is a digest of the one before, the position, and the salted digest of an entry
  `create table audit_seals (
    position bigint not null,
    entry_id bigint not null,
    salt bytea,
    digest bytea not null,
    seal bytea not null,
    constraint "PK_audit_seals" primary key (position),
    constraint "UQ_audit_seals_entry" unique (entry_id)
  )`,
  // a seal is never changed; an erasure takes the salt away and nothing else
  `create function refuse_seal_change() returns trigger language plpgsql as $$
   begin
     if tg_op = 'UPDATE' and new.salt is null and new.position = old.position and new.entry_id = old.entry_id
        and new.digest = old.digest and new.seal = old.seal then
       return new;
     end if;
     raise exception 'audit_seals is append-only';
   end $$`,
  `create trigger audit_seals_append_only before update or delete on audit_seals
     for each row execute function refuse_seal_change()`,
  // an entry keeps when, who and what; an erasure takes away whom it was about and the detail, and nothing else
  `create function refuse_audit_change() returns trigger language plpgsql as $$
   begin
     if tg_op = 'UPDATE' and new.subject_id = '${ERASED_SUBJECT}' and new.detail = '{}' and new.entry_id = old.entry_id
        and new.at = old.at and new.actor = old.actor and new.action = old.action
        and new.subject_kind = old.subject_kind then
       return new;
     end if;
     raise exception 'audit_entries is append-only';
   end $$`,
  'drop trigger audit_entries_append_only on audit_entries',
  `create trigger audit_entries_append_only before update or delete on audit_entries
     for each row execute function refuse_audit_change()`,
];
