import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys, the append-only audit trail and the answers kept for Idempotency-Key. */
export class Access1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api_keys (
        key_id text primary key,
        secret_hash bytea not null,
        scopes text[] not null,
        member_id text,
        source text not null,
        created_at timestamptz not null,
        revoked_at timestamptz
      )`);
    await runner.query(`
      create table audit_entries (
        entry_id bigint generated always as identity primary key,
        at timestamptz not null,
        actor text not null,
        action text not null,
        subject_kind text not null,
        subject_id text not null,
        detail jsonb not null
      )`);
    await runner.query('create index audit_entries_subject on audit_entries (subject_id, entry_id)');
    await runner.query(`
      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception '% is append-only', tg_table_name;
      end $$`);
    await runner.query(`
      create trigger audit_entries_append_only before update or delete on audit_entries
        for each row execute function refuse_change()`);
    await runner.query(`
      create table idempotency_keys (
        key_id text not null,
        idempotency_key text not null,
        fingerprint text not null,
        status int,
        body jsonb,
        created_at timestamptz not null,
        primary key (key_id, idempotency_key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotency_keys');
    await runner.query('drop table audit_entries');
    await runner.query('drop function refuse_change');
    await runner.query('drop table api_keys');
  }
}
