import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Business facts that were reported, once each by the caller's own reference. */
export class Outcomes1700000000051 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table outcomes (
        account_id text not null,
        outcome_ref text not null,
        outcome_id text not null,
        contact_id text,
        value double precision,
        occurred_at timestamptz not null,
        recorded_at timestamptz not null,
        decision_id text,
        suggestion_id text,
        primary key (account_id, outcome_ref)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table outcomes');
  }
}
