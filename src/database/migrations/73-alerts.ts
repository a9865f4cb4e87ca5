import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When somebody is to be told of something, what fired, and what was told. */
export class Alerts1700000000073 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table alerts, trigger_firings, trigger_rule_versions, trigger_rules');
  }
}

const TABLES = [
  `create table trigger_rules (
    rule_id text not null constraint "PK_trigger_rules" primary key,
    version int not null,
    rule jsonb not null
  )`,
  // A rule of null: it was removed.
  `create table trigger_rule_versions (
    rule_id text not null,
    version int not null,
    rule jsonb,
    saved_at timestamptz not null,
    saved_by text not null,
    constraint "PK_trigger_rule_versions" primary key (rule_id, version)
  )`,
  `create table trigger_firings (
    account_id text not null,
    firing_id text not null,
    rule_id text not null,
    rule_version int not null,
    contact_id text,
    subject text not null,
    bucket bigint not null,
    at timestamptz not null,
    fired_at timestamptz not null,
    due_at timestamptz not null,
    evidence jsonb not null,
    event jsonb not null,
    member_ids text[],
    state text not null,
    because text,
    attempts int not null,
    claimed_until timestamptz,
    constraint "PK_trigger_firings" primary key (account_id, firing_id)
  )`,
  `create unique index "IDX_trigger_firings_once" on trigger_firings (account_id, rule_id, subject, bucket)
    where state <> 'dropped'`,
  `create index "IDX_trigger_firings_due" on trigger_firings (due_at, firing_id) where state = 'waiting'`,
  `create table alerts (
    account_id text not null,
    alert_id text not null,
    firing_id text not null,
    rule_id text not null,
    rule_version int not null,
    raised_at timestamptz not null,
    changed_at timestamptz not null,
    contact_id text,
    member_id text,
    priority double precision not null,
    title text not null,
    message text not null,
    locale text not null,
    evidence jsonb not null,
    topics text[] not null,
    enquiry boolean not null,
    viewer_role text not null,
    decision_id text,
    suggestion_id text,
    because text,
    state text not null,
    valid_until timestamptz not null,
    held_until timestamptz,
    joined_to text,
    escalate_at timestamptz,
    escalated_to text,
    escalated_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    constraint "PK_alerts" primary key (account_id, alert_id)
  )`,
  'create unique index "IDX_alerts_alert_id" on alerts (alert_id)',
  'create index "IDX_alerts_raised_at" on alerts (raised_at desc, alert_id desc)',
  'create index "IDX_alerts_member" on alerts (member_id, raised_at desc)',
  'create index "IDX_alerts_firing" on alerts (account_id, firing_id)',
  'create index "IDX_alerts_escalate_at" on alerts (escalate_at) where escalate_at is not null',
];
