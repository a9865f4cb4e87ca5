import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What account managers work through, and what they said about it. */
export class Suggestions1700000000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table suggestions (
        account_id text not null,
        suggestion_id text not null,
        decision_id text not null,
        decided_at timestamptz not null,
        run_id text,
        question text not null,
        contextual boolean not null,
        rank int not null,
        contact_id text not null,
        channel_id text not null,
        action_id text not null,
        product_id text,
        treatment_id text,
        content_id text,
        action_name text not null,
        intent text not null,
        purpose text not null,
        product_ids text[] not null,
        topics text[] not null,
        role text not null,
        member_id text,
        viewer_role text,
        slot_from timestamptz not null,
        slot_to timestamptz not null,
        time_zone text not null,
        propensity double precision not null,
        value double precision not null,
        priority double precision not null,
        inclusion_probability double precision,
        state text not null,
        because text,
        snoozed_until timestamptz,
        seen_at timestamptz,
        verified_at timestamptz not null,
        verified_epoch bigint not null,
        verified_versions text not null,
        created_at timestamptz not null,
        changed_at timestamptz not null,
        expires_at timestamptz not null,
        constraint "PK_suggestions" primary key (account_id, suggestion_id)
      ) with (fillfactor = 80)`);
    await runner.query('create unique index "UQ_suggestions_id" on suggestions (suggestion_id)');
    await runner.query(`
      create index "IDX_suggestions_member" on suggestions (member_id, priority desc, suggestion_id)
        where state in ('open', 'seen', 'accepted', 'snoozed')`);
    await runner.query(`
      create index "IDX_suggestions_seen" on suggestions (member_id, seen_at) where seen_at is not null`);
    await runner.query(`
      create index "IDX_suggestions_run" on suggestions (run_id, suggestion_id) where run_id is not null`);
    await runner.query('create index "IDX_suggestions_changed" on suggestions (changed_at)');
    await runner.query(`
      create table responses (
        account_id text not null,
        response_id text not null,
        suggestion_id text not null,
        decision_id text not null,
        contact_id text not null,
        channel_id text not null,
        action_id text not null,
        product_id text,
        kind text not null,
        reason text,
        until timestamptz,
        note text,
        member_id text,
        responded_at timestamptz not null,
        constraint "PK_responses" primary key (account_id, response_id)
      )`);
    await runner.query('create index "IDX_responses_suggestion" on responses (account_id, suggestion_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table responses');
    await runner.query('drop table suggestions');
  }
}
