import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Models that decide beside the champion unseen, and what each would have done. */
export class Shadow1700000000099 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table model_shadows (
        shadow_id bigint generated always as identity constraint "PK_model_shadows" primary key,
        version text not null,
        name text not null,
        started_at timestamptz not null,
        started_by text not null,
        ended_at timestamptz,
        ended_because text check (ended_because in ('stopped', 'promoted', 'rejected')),
        errors bigint not null default 0,
        skipped bigint not null default 0
      )`);
    await runner.query(
      `create unique index model_shadows_one on model_shadows (name) where ended_at is null`,
    );
    await runner.query(`create index model_shadows_by_version on model_shadows (version, started_at desc)`);
    await runner.query(`
      create table shadow_decisions (
        account_id text not null,
        decision_id text not null,
        version text not null,
        decided_at timestamptz not null,
        champion text not null,
        ranking jsonb not null,
        drawn smallint not null,
        propensities real[] not null,
        priorities double precision[] not null,
        milliseconds real not null,
        constraint "PK_shadow_decisions" primary key (account_id, decision_id, version)
      )`);
    await runner.query(`insert into versions values ('shadow', 1) on conflict do nothing`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from versions where name = 'shadow'`);
    await runner.query('drop table shadow_decisions');
    await runner.query('drop table model_shadows');
  }
}
