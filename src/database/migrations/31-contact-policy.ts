import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rules that say no, as data. */
export class ContactPolicy1700000000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table contact_rules (
        rule_id text not null constraint "PK_contact_rules" primary key,
        kind text not null,
        rule jsonb not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table contact_rules');
  }
}
