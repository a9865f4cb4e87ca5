import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = [
  `create table attribute_schemas (
    kind text primary key check (kind in ('account', 'contact')),
    attributes jsonb not null
  )`,
  `create table accounts (
    account_id text primary key,
    name text,
    kind text not null,
    segment text,
    region text,
    country text,
    time_zone text,
    locale text,
    location jsonb,
    mode text not null,
    attributes jsonb not null,
    stub boolean not null
  )`,
  'create index accounts_segment on accounts (segment, account_id)',
  'create index accounts_stub on accounts (account_id) where stub',
  `create table contacts (
    account_id text not null,
    contact_id text not null,
    name text,
    email text,
    phone text,
    time_zone text,
    locale text,
    attributes jsonb not null,
    stub boolean not null,
    primary key (account_id, contact_id),
    unique (contact_id)
  )`,
  `create table team_members (
    member_id text primary key,
    name text not null,
    role text not null,
    email text,
    time_zone text,
    locale text,
    deputy_id text,
    capacity jsonb not null
  )`,
  `create table account_team (
    account_id text not null references accounts on delete cascade,
    member_id text not null references team_members on delete cascade,
    primary key (account_id, member_id)
  )`,
  'create index account_team_member on account_team (member_id, account_id)',
  `create table products (
    product_id text primary key,
    name text not null,
    price double precision not null,
    margin double precision not null,
    currency text not null,
    topics text[] not null,
    available jsonb not null
  )`,
  `create table content (
    content_id text primary key,
    title text not null,
    topics text[] not null,
    stage text,
    product_ids text[] not null,
    url text
  )`,
  `create table channels (
    channel_id text primary key,
    name text not null,
    kind text not null,
    performed_by text not null,
    cost_per_touch double precision not null,
    lead_time_hours double precision not null,
    hours jsonb,
    consent text not null,
    capacity_per_day integer
  )`,
  `create table outcome_definitions (
    outcome_id text primary key,
    event text not null,
    "where" text,
    within_days double precision not null,
    value text,
    engagement boolean not null
  )`,
  `create table actions (
    action_id text primary key,
    name text not null,
    intent text not null,
    purpose text not null,
    product_ids text[] not null,
    topics text[] not null,
    channel_ids text[] not null,
    eligibility text,
    outcome_id text not null references outcome_definitions,
    value double precision,
    discount double precision,
    lever double precision not null,
    mandatory boolean not null,
    valid_from timestamptz,
    valid_until timestamptz
  )`,
  `create table treatments (
    action_id text not null references actions on delete cascade,
    treatment_id text not null,
    channel_id text not null references channels,
    locale text,
    title text not null,
    body text not null,
    content_id text references content,
    primary key (action_id, treatment_id)
  )`,
];

/** Accounts with their people, and everything that can be offered to them. */
export class Catalogue1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table treatments, actions, outcome_definitions, channels, content, products,
                  account_team, team_members, contacts, accounts, attribute_schemas`,
    );
  }
}
