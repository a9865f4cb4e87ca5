import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What reaches members outside the desk: pushes to their devices, and digests by e-mail. */
export class PushAndDigests1700000000080 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  // One row a browser: its endpoint, of which the id is a hash, belongs to whoever signed in there last.
  `create table push_subscriptions (
    subscription_id text not null,
    member_id text not null,
    endpoint text not null,
    p256dh text not null,
    auth text not null,
    device text,
    language text not null,
    detailed boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    rang_at timestamptz,
    rests_until timestamptz,
    constraint "PK_push_subscriptions" primary key (subscription_id)
  )`,
  'create index "IDX_push_subscriptions_member" on push_subscriptions (member_id)',
  `create table push_deliveries (
    subscription_id text not null
      constraint "FK_push_deliveries_subscription" references push_subscriptions on delete cascade,
    message_id text not null,
    member_id text not null,
    account_id text,
    kind text not null constraint "CHK_push_deliveries_kind" check (kind in ('alert', 'task', 'test')),
    subject_id text not null,
    title text,
    urgent boolean not null,
    created_at timestamptz not null,
    not_after timestamptz not null,
    state text not null default 'waiting'
      constraint "CHK_push_deliveries_state" check (state in ('waiting', 'delivered', 'failed', 'expired', 'cancelled')),
    step int not null default 0,
    attempts int not null default 0,
    next_attempt_at timestamptz,
    claim text,
    because text,
    constraint "PK_push_deliveries" primary key (subscription_id, message_id)
  )`,
  `create index "IDX_push_deliveries_due" on push_deliveries (next_attempt_at) where state = 'waiting'`,
  'create index "IDX_push_deliveries_created" on push_deliveries (created_at)',
  // A member without a row has the setting of her role.
  `create table digest_settings (
    member_id text not null,
    cadence text not null constraint "CHK_digest_settings_cadence" check (cadence in ('off', 'daily', 'weekly')),
    hour int not null constraint "CHK_digest_settings_hour" check (hour between 0 and 23),
    changed_at timestamptz not null,
    changed_by text not null,
    constraint "PK_digest_settings" primary key (member_id)
  )`,
  // One row a member and period, whatever became of it; the key is what keeps a digest from being sent twice.
  `create table digests (
    member_id text not null,
    period text not null,
    due_at timestamptz not null,
    until timestamptz not null,
    state text not null
      constraint "CHK_digests_state" check (state in ('due', 'sending', 'sent', 'empty', 'failed', 'unknown')),
    claim text,
    lease_until timestamptz,
    next_try_at timestamptz,
    entries jsonb,
    because text,
    ended_at timestamptz,
    constraint "PK_digests" primary key (member_id, period)
  )`,
  `create index "IDX_digests_open" on digests (state) where state in ('due', 'sending')`,
  'create index "IDX_digests_due_at" on digests (due_at)',
  `create table digest_attempts (
    member_id text not null,
    period text not null,
    attempt int not null,
    at timestamptz not null,
    outcome text constraint "CHK_digest_attempts_outcome" check (outcome in ('accepted', 'refused', 'uncertain')),
    because text,
    constraint "PK_digest_attempts" primary key (member_id, period, attempt),
    constraint "FK_digest_attempts_digest" foreign key (member_id, period) references digests on delete cascade
  )`,
];

const DOWN = [
  'drop table digest_attempts',
  'drop table digests',
  'drop table digest_settings',
  'drop table push_deliveries',
  'drop table push_subscriptions',
];
