import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Touches that we perform: what each is planned to be, the pace of channels, addresses that no longer take mail. */
export class Touches1700000000076 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `create table touch_plans (
    account_id text not null,
    touch_id text not null,
    suggestion_id text not null,
    decision_id text not null,
    treatment_id text,
    content_id text,
    product_id text,
    through text not null,
    slot_from timestamptz not null,
    slot_to timestamptz not null,
    time_zone text not null,
    planned_at timestamptz not null,
    next_try_at timestamptz,
    tries int not null default 0,
    lease_until timestamptz,
    rule text,
    because text,
    delivered_at timestamptz,
    bounced_at timestamptz,
    constraint "PK_touch_plans" primary key (account_id, touch_id)
  )`,
  // The touch of a suggestion; one that was cancelled gives way to another.
  'create index "IDX_touch_plans_suggestion" on touch_plans (account_id, suggestion_id)',
  'create index "IDX_touch_plans_due" on touch_plans (next_try_at) where next_try_at is not null',
  'create index "IDX_touch_plans_lease" on touch_plans (lease_until) where lease_until is not null',
  `create index "IDX_touches_under_way" on touches (account_id) where state in ('planned', 'sending')`,
  // What the planner looks for: suggestions that nobody has to perform, by the time of their slot.
  `create index "IDX_suggestions_by_itself" on suggestions (slot_from)
     where role = 'automatic' and state in ('open', 'seen', 'accepted')`,
  // Touches that a channel has begun in a day or an hour, against its capacity.
  `create table channel_pace (
    channel_id text not null,
    span text not null,
    starts_at timestamptz not null,
    begun int not null,
    constraint "PK_channel_pace" primary key (channel_id, span, starts_at)
  )`,
  // The address, in lower case, that refused mail for good: another address is free again.
  'alter table contacts add column held_email text',
  // Secrets that a deployment makes for itself where it is given none.
  `create table own_secrets (
    name text not null,
    secret text not null,
    constraint "PK_own_secrets" primary key (name)
  )`,
];

const DOWN = [
  'drop table own_secrets',
  'alter table contacts drop column held_email',
  'drop table channel_pace',
  'drop index "IDX_suggestions_by_itself"',
  'drop index "IDX_touches_under_way"',
  'drop table touch_plans',
];
