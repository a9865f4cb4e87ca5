import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a response was given to, so that it can be undone and its effect be applied (the slot that was wrong, the review
 * that compliance owes), and how far new actions reach.
 */
export class SuggestionLifecycle1700000000075 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table responses
        add column state_before text,
        add column snoozed_before timestamptz,
        add column expires_before timestamptz,
        add column slot_from timestamptz,
        add column slot_to timestamptz,
        add column time_zone text,
        add column event_id text,
        add column undone_at timestamptz,
        add column undone_by text,
        add column review text,
        add column review_task_id text,
        add column reviewed_at timestamptz,
        add column reviewed_by text`);
    await runner.query(`
      create index "IDX_responses_review" on responses (review_task_id) where review_task_id is not null`);
    await runner.query(`
      create table action_reach (
        action_id text not null,
        evidence int not null,
        share double precision not null,
        counted_at timestamptz not null,
        constraint "PK_action_reach" primary key (action_id)
      )`);
    await runner.query(`insert into versions (name, version) values ('reach', 1) on conflict do nothing`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from versions where name = 'reach'`);
    await runner.query('drop table action_reach');
    await runner.query(`
      alter table responses
        drop column state_before, drop column snoozed_before, drop column expires_before, drop column slot_from,
        drop column slot_to, drop column time_zone, drop column event_id, drop column undone_at, drop column undone_by,
        drop column review, drop column review_task_id, drop column reviewed_at, drop column reviewed_by`);
  }
}
