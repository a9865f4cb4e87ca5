import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Receivers of webhooks, what each has to be told, and how every attempt went. */
export class Webhooks1700000000071 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table outbox add column tries int not null default 0');
    await runner.query('drop index "IDX_outbox_due"');
    await runner.query('create index "IDX_outbox_order" on outbox (occurred_at, message_id)');
    await runner.query(`
      create table webhook_endpoints (
        endpoint_id text primary key,
        url text not null,
        event_types text[] not null,
        description text not null,
        secret text not null,
        previous_secret text,
        previous_secret_until timestamptz,
        enabled boolean not null,
        disabled_at timestamptz,
        disabled_because text,
        failing_since timestamptz,
        rests_until timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    await runner.query(`
      create table webhook_messages (
        message_id text primary key,
        type text not null,
        occurred_at timestamptz not null,
        account_id text,
        data jsonb not null,
        not_after timestamptz
      )`);
    await runner.query('create index on webhook_messages (occurred_at)');
    await runner.query(`
      create table webhook_deliveries (
        endpoint_id text not null references webhook_endpoints on delete cascade,
        message_id text not null references webhook_messages on delete cascade,
        state text not null check (state in ('waiting', 'delivered', 'failed', 'expired', 'cancelled')),
        because text,
        step int not null default 0,
        attempts int not null default 0,
        next_attempt_at timestamptz,
        claim text,
        created_at timestamptz not null,
        primary key (endpoint_id, message_id)
      )`);
    await runner.query(
      `create index on webhook_deliveries (endpoint_id, next_attempt_at) where state = 'waiting'`,
    );
    await runner.query('create index on webhook_deliveries (endpoint_id, created_at, message_id)');
    await runner.query('create index on webhook_deliveries (message_id)');
    await runner.query(`
      create table webhook_attempts (
        endpoint_id text not null,
        message_id text not null,
        attempt int not null,
        at timestamptz not null,
        duration_ms int not null,
        status int,
        problem text,
        answer text,
        next_attempt_at timestamptz,
        primary key (endpoint_id, message_id, attempt),
        foreign key (endpoint_id, message_id) references webhook_deliveries on delete cascade
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table webhook_attempts');
    await runner.query('drop table webhook_deliveries');
    await runner.query('drop table webhook_messages');
    await runner.query('drop table webhook_endpoints');
    await runner.query('drop index "IDX_outbox_order"');
    await runner.query('create index "IDX_outbox_due" on outbox (next_attempt_at)');
    await runner.query('alter table outbox drop column tries');
  }
}
