import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every answer that was given, by month; the question that each account has open; the names of the logged inputs. */
export class Recommender1700000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table decisions (
        account_id text not null,
        decided_at timestamptz not null,
        decision_id text not null,
        policy_epoch bigint not null,
        state_sequence bigint not null,
        run_id text,
        record bytea not null,
        constraint "PK_decisions" primary key (account_id, decided_at, decision_id)
      ) partition by range (decided_at)`);
    await runner.query(`
      create table open_questions (
        account_id text not null,
        question text not null,
        decision_id text not null,
        decided_at timestamptz not null,
        policy_epoch bigint not null,
        state_sequence bigint not null,
        versions text not null,
        suggestion_ids text[] not null,
        expires_at timestamptz not null,
        constraint "PK_open_questions" primary key (account_id, question)
      ) with (fillfactor = 80)`);
    await runner.query(`
      create table input_schemas (
        digest text constraint "PK_input_schemas" primary key,
        schema jsonb not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table input_schemas');
    await runner.query('drop table open_questions');
    await runner.query('drop table decisions');
  }
}
