import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What contacts say about themselves: a cap of their own, and the mails that ask them to confirm a consent. */
export class Preferences1700000000078 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `alter table contacts add column messages_per_week int
     constraint "CHK_contacts_messages_per_week" check (messages_per_week between 1 and 50)`,
  `create table consent_confirmations (
    consent_id text not null,
    account_id text not null,
    contact_id text not null,
    recorded_at timestamptz not null,
    state text not null default 'due'
      constraint "CHK_consent_confirmations_state" check (state in ('due', 'sending', 'sent', 'failed', 'unknown')),
    tries int not null default 0,
    next_try_at timestamptz,
    lease_until timestamptz,
    because text,
    constraint "PK_consent_confirmations" primary key (consent_id)
  )`,
  `create index "IDX_consent_confirmations_due" on consent_confirmations (next_try_at) where state = 'due'`,
  `create index "IDX_consent_confirmations_lease" on consent_confirmations (lease_until) where state = 'sending'`,
  `create index "IDX_consent_facts_pending" on consent_facts (recorded_at) where status = 'pending'`,
];

const DOWN = [
  'drop index "IDX_consent_facts_pending"',
  'drop table consent_confirmations',
  'alter table contacts drop column messages_per_week',
];
