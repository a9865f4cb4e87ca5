import type { MigrationInterface, QueryRunner } from 'typeorm';

const RULE = {
  ruleId: 'rest-after-completed',
  kind: 'cool-down',
  days: 14,
  after: 'completed',
  scope: 'action',
};

/**
 * What was carried out rested as what was called already done: now it has a rule of its own. Where that rule was taken
 * away, nothing rests after either.
 */
export class RestAfterCompleted1700000000102 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `insert into contact_rules (rule_id, kind, rule)
         select $1, $2, $3::jsonb
          where exists (select from contact_rules where rule ->> 'kind' = 'cool-down' and rule ->> 'after' = 'already-done')
       on conflict (rule_id) do nothing`,
      [RULE.ruleId, RULE.kind, JSON.stringify(RULE)],
    );
    await runner.query(
      `update versions set version = version + 1 where name = 'contact-rules' and version > 1`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from contact_rules where rule_id = $1', [RULE.ruleId]);
  }
}
