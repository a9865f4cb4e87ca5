import type { MigrationInterface, QueryRunner } from 'typeorm';

const STANDING = `('open', 'seen', 'accepted', 'snoozed')`;

/**
 * Why a suggestion was closed, to be said in any language; and lists of suggestions by index: a page of what stands, or of
 * what is over, ends after a page, account by account.
 */
export class Closings1700000000081 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table suggestions add column closing jsonb');
    await runner.query('drop index "IDX_suggestions_standing"');
    await runner.query(`
      create index "IDX_suggestions_standing" on suggestions (account_id, priority desc, suggestion_id)
        where state in ${STANDING}`);
    await runner.query(`
      create index "IDX_suggestions_closed" on suggestions (account_id, priority desc, suggestion_id)
        where state not in ${STANDING}`);
    await runner.query(`
      create index "IDX_suggestions_member_closed" on suggestions (member_id, priority desc, suggestion_id)
        where state not in ${STANDING} and member_id is not null`);
    await runner.query(`
      create index "IDX_suggestions_product" on suggestions (product_id)
        where state in ${STANDING} and product_id is not null`);
    await runner.query('create index "IDX_trigger_firings_fired_at" on trigger_firings (fired_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index "IDX_trigger_firings_fired_at"');
    for (const name of ['product', 'member_closed', 'closed', 'standing'])
      await runner.query(`drop index "IDX_suggestions_${name}"`);
    await runner.query(
      `create index "IDX_suggestions_standing" on suggestions (account_id) where state in ${STANDING}`,
    );
    await runner.query('alter table suggestions drop column closing');
  }
}
