import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * States of 2 to 8 kB were compressed and put beside the table at every event, and taken apart at every reading. In
 * their rows a batch of them is written in .55 to .7 of the time and read in .56 to .8 (100 states of 4 and 2.5 kB).
 */
export class StatesInPlace1700000000103 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table account_state set (toast_tuple_target = 8160)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table account_state reset (toast_tuple_target)');
  }
}
