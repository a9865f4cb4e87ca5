import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Trained models: what serves, what may serve, and why. */
export class Learning1700000000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table models (
        version text primary key,
        name text not null,
        created_at timestamptz not null,
        description text not null,
        weights bytea not null,
        card jsonb not null,
        state text not null check (state in ('candidate', 'champion', 'retired')),
        promoted_at timestamptz,
        reason text,
        unproven boolean not null default false,
        predecessor text
      )`);
    await runner.query('alter table models alter column weights set storage external');
    await runner.query(`create unique index models_one_champion on models (state) where state = 'champion'`);
    await runner.query('create index models_by_age on models (created_at desc, version)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table models');
  }
}
