import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Slower knowledge that is published as features: by account, and the latest publication of each insight. */
export class Insights1700000000082 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table published_insights (
        account_id text not null,
        insight text not null,
        version text not null,
        computed_at timestamptz not null,
        purchases int not null,
        -- json, not jsonb: it is handed on as it was written
        numbers json not null,
        grounds json,
        primary key (account_id, insight)
      )`);
    await runner.query(`
      create table insight_publications (
        insight text primary key,
        version text not null,
        as_of timestamptz not null,
        computed_at timestamptz not null,
        accounts int not null,
        purchases int not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table insight_publications, published_insights');
  }
}
