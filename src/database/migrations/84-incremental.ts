import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Heads that say what suggestions add, and by which of them the catalogue is valued. */
export class Incremental1700000000084 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table incremental_heads (
        version text primary key,
        created_at timestamptz not null,
        artefact jsonb not null,
        card jsonb not null,
        serving boolean not null default false,
        switched_at timestamptz,
        reason text,
        unproven boolean not null default false
      )`);
    await runner.query(
      'create unique index incremental_heads_one_serves on incremental_heads (serving) where serving',
    );
    await runner.query(`insert into versions values ('incremental', 1) on conflict do nothing`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from versions where name = 'incremental'`);
    await runner.query('drop table incremental_heads');
  }
}
