import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The head is fitted to the trials themselves: of each arm, only how much it has come to is kept. */
export class PooledHead1700000000085 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...FORGET, 'alter table head_evidence drop column sums'])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [...FORGET, 'alter table head_evidence add column sums bytea not null'])
      await runner.query(statement);
  }
}

/** What was learned is made anew from the trials and the decisions behind them. */
const FORGET = [
  'delete from head_evidence',
  'delete from heads',
  'update trials set model = null, inputs = null, counted_label = null, counted_weight = 0',
];
