import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The accounts most like each account, as they were found at night. */
export class Doubles1700000000083 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table account_doubles (
        account_id text primary key,
        as_of timestamptz not null,
        basis jsonb not null,
        doubles jsonb not null,
        evidence jsonb not null
      )`);
    await runner.query(`create table insight_runs (name text primary key, as_of timestamptz not null)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table insight_runs, account_doubles');
  }
}
