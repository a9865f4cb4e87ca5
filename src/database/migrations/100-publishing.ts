import type { MigrationInterface, QueryRunner } from 'typeorm';

const STANDING = `('open', 'seen', 'accepted', 'snoozed')`;
const TAKEN_UP = `('seen', 'accepted', 'snoozed')`;

/**
 * A nightly run writes some five suggestions an account, and each index costs it as much as the row. What somebody has
 * taken up is found without reading all that is open. Runs and changes are of an age with the rows around them: ranges of
 * pages tell them apart, at no cost to a row that is written. What nobody performs is in no member's list.
 */
export class Publishing1700000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index "IDX_suggestions_taken_up" on suggestions (account_id) where state in ${TAKEN_UP}`);
    await runner.query('drop index "IDX_suggestions_run"');
    await runner.query('drop index "IDX_suggestions_changed"');
    await runner.query(`
      create index "IDX_suggestions_age" on suggestions using brin (changed_at, run_id) with (pages_per_range = 32)`);
    await runner.query('drop index "IDX_suggestions_member"');
    await runner.query(`
      create index "IDX_suggestions_member" on suggestions (member_id, priority desc, suggestion_id)
        where state in ${STANDING} and member_id is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index "IDX_suggestions_member"');
    await runner.query(`
      create index "IDX_suggestions_member" on suggestions (member_id, priority desc, suggestion_id)
        where state in ${STANDING}`);
    await runner.query('drop index "IDX_suggestions_age"');
    await runner.query('create index "IDX_suggestions_changed" on suggestions (changed_at)');
    await runner.query(`
      create index "IDX_suggestions_run" on suggestions (run_id, suggestion_id) where run_id is not null`);
    await runner.query('drop index "IDX_suggestions_taken_up"');
  }
}
