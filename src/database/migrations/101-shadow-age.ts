import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was decided in shadow long ago is found by ranges of pages: rows are written in order of time. */
export class ShadowAge1700000000101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index shadow_decisions_age on shadow_decisions using brin (decided_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index shadow_decisions_age');
  }
}
