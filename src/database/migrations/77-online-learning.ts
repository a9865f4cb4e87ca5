import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was carried out and awaits its outcome, and what outcomes have taught between trainings. */
export class OnlineLearning1700000000077 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from versions where name = 'head'`);
    await runner.query('drop table outcome_delays, head_evidence, heads, trials, outcome_inbox');
    await runner.query('drop sequence head_versions');
  }
}

const TABLES = [
  // Rows are taken out as soon as they are seen, whatever the order in which they were committed.
  `create table outcome_inbox (
    entry_id bigint generated always as identity primary key,
    account_id text not null
  )`,
  `create table trials (
    account_id text not null,
    trial_id text not null,
    started_at timestamptz not null,
    closes_at timestamptz not null,
    contact_id text,
    action_id text not null,
    channel_id text not null,
    product_id text,
    outcome_id text not null,
    decision_id text not null,
    decided_at timestamptz not null,
    suggestion_id text not null,
    rank int not null,
    label smallint,
    outcome_at timestamptz,
    value double precision,
    offered_value double precision not null,
    propensity double precision not null,
    next_at timestamptz,
    model text,
    inputs bytea,
    counted_label smallint,
    counted_weight double precision not null default 0,
    primary key (account_id, trial_id)
  ) with (fillfactor = 80)`,
  'create index trials_next_at on trials (next_at) where next_at is not null',
  'create index trials_decision on trials (decision_id)',
  'create index trials_started_at on trials (started_at)',
  'create sequence head_versions',
  `create table heads (
    model text primary key,
    version bigint not null,
    as_of timestamptz not null,
    posterior bytea not null
  )`,
  `create table head_evidence (
    model text not null,
    action_id text not null,
    channel_id text not null,
    outcome_id text not null,
    weight double precision not null,
    positives double precision not null,
    as_of timestamptz not null,
    sums bytea not null,
    primary key (model, action_id, channel_id)
  )`,
  `create table outcome_delays (
    outcome_id text primary key,
    counts double precision[] not null
  )`,
  `insert into versions values ('head', 1) on conflict do nothing`,
];
