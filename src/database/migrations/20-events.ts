import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened: the log, its deduplication, identity, touches, threads and quotes. */
export class Events1700000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table trait_writes, quotes, threads, touches, anonymous_events, anonymous_links,
                  event_quarantine, event_ledger, events`,
    );
  }
}

const TABLES = [
  // The hot path: no index beside the key.
  `create table events (
    account_id text not null,
    occurred_at timestamptz not null,
    event_id uuid not null,
    recorded_at timestamptz not null,
    name text not null,
    contact_id text,
    anonymous_id text,
    member_id text,
    source text not null,
    message_id text not null,
    origin text not null,
    from_browser boolean not null,
    properties jsonb not null,
    primary key (account_id, occurred_at, event_id)
  )`,
  `create table event_ledger (
    dedup_key uuid primary key,
    recorded_at timestamptz not null
  )`,
  // Rows come in order of time, so a block-range index of a few kilobytes is enough to purge by age.
  'create index event_ledger_recorded_at on event_ledger using brin (recorded_at)',
  `create table event_quarantine (
    quarantine_id uuid primary key,
    received_at timestamptz not null,
    format text not null,
    source text not null,
    recorded_by text not null,
    from_browser boolean not null,
    item text,
    pointer text not null,
    reason text not null,
    tried_at timestamptz not null,
    tries int not null default 1
  )`,
  'create index event_quarantine_received_at on event_quarantine (received_at, quarantine_id)',
  `create table anonymous_links (
    anonymous_id text primary key,
    contact_id text,
    linked_at timestamptz
  )`,
  `create table anonymous_events (
    anonymous_id text not null,
    event_id uuid not null,
    recorded_at timestamptz not null,
    item jsonb not null,
    from_browser boolean not null,
    recorded_by text not null,
    primary key (anonymous_id, event_id)
  )`,
  `create table touches (
    account_id text not null,
    touch_id text not null,
    contact_id text,
    channel_id text not null,
    purpose text,
    action_id text,
    product_ids text[] not null,
    topics text[] not null,
    role text,
    member_id text,
    state text not null,
    at timestamptz not null,
    primary key (account_id, touch_id)
  )`,
  'create index touches_touch_id on touches (touch_id)',
  `create table threads (
    account_id text not null,
    conversation_id text not null,
    kind text not null,
    contact_id text not null,
    topics text[] not null,
    opened_at timestamptz,
    last_opened_at timestamptz,
    closed_at timestamptz,
    primary key (account_id, conversation_id, kind, contact_id)
  )`,
  // A row is what one contact ('' when none is named) said of a thread, so that it can move with the contact.
  `create view whole_threads as
   select account_id, conversation_id, kind,
          coalesce(array_agg(contact_id order by contact_id) filter (where contact_id <> ''), '{}') as contact_ids,
          coalesce((select array_agg(distinct topic order by topic)
                      from threads part, unnest(part.topics) as topic
                     where part.account_id = t.account_id and part.conversation_id = t.conversation_id
                       and part.kind = t.kind), '{}') as topics,
          min(opened_at) as opened_at, max(last_opened_at) as last_opened_at, max(closed_at) as closed_at
     from threads t group by account_id, conversation_id, kind`,
  `create table quotes (
    account_id text not null,
    product_id text not null,
    event_id uuid not null,
    contact_id text,
    price double precision,
    discount double precision,
    quoted_at timestamptz not null,
    valid_until timestamptz,
    primary key (account_id, product_id, event_id)
  )`,
  // The newest statement of each trait, so that an older one that comes later does not overwrite it.
  `create table trait_writes (
    kind text not null,
    record_id text not null,
    trait text not null,
    occurred_at timestamptz not null,
    value text not null,
    primary key (kind, record_id, trait)
  )`,
];
