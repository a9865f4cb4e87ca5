import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is to be told to others, from the change that it tells of until every way out has taken it over. */
export class Delivery1700000000070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table outbox (
        message_id text not null,
        type text not null,
        occurred_at timestamptz not null,
        account_id text,
        member_ids text[] not null,
        data jsonb not null,
        not_after timestamptz,
        next_attempt_at timestamptz not null,
        constraint "PK_outbox" primary key (message_id)
      )`);
    await runner.query('create index "IDX_outbox_due" on outbox (next_attempt_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table outbox');
  }
}
