import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The row that is locked for every change of an account's past, and the versions of what is cached in memory. */
export class AccountState1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table account_state (
        account_id text primary key,
        policy_epoch bigint not null default 0,
        state_sequence bigint not null default 0,
        feature_set text,
        state bytea
      ) with (fillfactor = 70)`);
    await runner.query(`
      create table versions (
        name text primary key,
        version bigint not null
      )`);
    await runner.query(
      `insert into versions values ('catalogue', 1), ('contact-rules', 1), ('trigger-rules', 1), ('models', 1)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table versions');
    await runner.query('drop table account_state');
  }
}
