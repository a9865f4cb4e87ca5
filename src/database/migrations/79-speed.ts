import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What stands before somebody, by account: read for every decision. */
export class Speed1700000000079 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index "IDX_suggestions_standing" on suggestions (account_id)
        where state in ('open', 'seen', 'accepted', 'snoozed')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index "IDX_suggestions_standing"');
  }
}
