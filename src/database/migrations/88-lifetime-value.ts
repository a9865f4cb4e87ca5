import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the lifetime value that an action gains stands for its value. */
export class LifetimeValue1700000000088 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table actions add column value_from text not null default 'declared'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table actions drop column value_from');
  }
}
