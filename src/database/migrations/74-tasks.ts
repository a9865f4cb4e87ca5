import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What colleagues are to do for an account, and which visits were reported under a reference of the caller's. */
export class Tasks1700000000074 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tasks (
        account_id text not null,
        task_id text not null,
        contact_id text,
        kind text not null,
        state text not null,
        role text not null,
        member_id text,
        about text not null,
        topics text[] not null,
        due_at timestamptz,
        suggestion_id text,
        event_id text,
        conversation_id text,
        created_at timestamptz not null,
        created_by text not null,
        changed_at timestamptz not null,
        ended_at timestamptz,
        ended_by text,
        note text,
        overdue_at timestamptz,
        constraint "PK_tasks" primary key (account_id, task_id)
      )`);
    await runner.query('create unique index "UQ_tasks_id" on tasks (task_id)');
    await runner.query(`
      create index "IDX_tasks_member" on tasks (member_id, due_at, task_id) where state = 'open'`);
    await runner.query(`
      create index "IDX_tasks_role" on tasks (role, due_at, task_id) where state = 'open' and member_id is null`);
    await runner.query(`
      create index "IDX_tasks_due" on tasks (due_at, task_id) where state = 'open' and overdue_at is null`);
    await runner.query(`
      create table visits (
        source text not null,
        visit_ref text not null,
        account_id text not null,
        fingerprint text not null,
        answer jsonb not null,
        recorded_at timestamptz not null,
        constraint "PK_visits" primary key (source, visit_ref)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table visits');
    await runner.query('drop table tasks');
  }
}
