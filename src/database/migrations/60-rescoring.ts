import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs of the nightly re-scoring and their shards: the durable state that a crash resumes from. */
export class Rescoring1700000000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table rescoring_runs (
        run_id text primary key,
        day date not null,
        as_of timestamptz not null,
        state text not null check (state in ('queued', 'running', 'publishing', 'published', 'failed', 'cancelled', 'blocked')),
        forced_because text,
        started_by text not null,
        total int not null,
        problem text,
        created_at timestamptz not null,
        started_at timestamptz,
        computed_at timestamptz,
        finished_at timestamptz
      )`);
    await runner.query(`
      create unique index rescoring_runs_once_a_day on rescoring_runs (day)
        where forced_because is null and state not in ('failed', 'cancelled', 'blocked')`);
    await runner.query(`
      create table rescoring_shards (
        run_id text not null references rescoring_runs on delete cascade,
        shard int not null,
        after_account text,
        last_account text not null,
        accounts int not null,
        state text not null default 'queued' check (state in ('queued', 'computed', 'published')),
        tally jsonb not null default '{}',
        primary key (run_id, shard)
      )`);
    await runner.query(`
      create table decision_effects (
        account_id text not null,
        decision_id text not null,
        effect text not null check (effect in ('published', 'kept', 'stale')),
        run_id text not null,
        at timestamptz not null,
        primary key (account_id, decision_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table decision_effects');
    await runner.query('drop table rescoring_shards');
    await runner.query('drop table rescoring_runs');
  }
}
