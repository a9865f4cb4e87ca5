import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What contacts allowed and refused. Rows are added and never changed: the past stays provable. */
export class Consent1700000000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table consent_facts (
        account_id text not null,
        consent_id text not null,
        contact_id text not null,
        channel_id text not null,
        purpose text not null,
        status text not null constraint "CHK_consent_facts_status" check (status in ('granted', 'pending', 'withdrawn')),
        source text not null constraint "CHK_consent_facts_source" check (source in ('contact', 'member', 'import', 'link')),
        product_id text,
        topic text,
        effective_at timestamptz not null,
        expires_at timestamptz constraint "CHK_consent_facts_expiry" check (expires_at > effective_at),
        recorded_at timestamptz not null,
        recorded_by text not null,
        wording text,
        proof text,
        constraint "PK_consent_facts" primary key (account_id, consent_id)
      )`);
    await runner.query('create index "IDX_consent_facts_contact" on consent_facts (contact_id)');
    await runner.query(`
      create function refuse_consent_change() returns trigger language plpgsql as $$
      begin
        raise exception 'consent_facts is append-only: record a new fact instead';
      end $$`);
    await runner.query(`
      create trigger consent_facts_append_only before update or delete on consent_facts
        for each row execute function refuse_consent_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table consent_facts');
    await runner.query('drop function refuse_consent_change');
  }
}
