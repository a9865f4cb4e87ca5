import type { DataSource } from 'typeorm';
import type { AccountId } from '../catalogue/index.js';
import { managerOf, sqlState } from '../database/index.js';
import { type Clock, SECOND, type Transaction } from '../shared/index.js';
import { type NewRun, RescoringRuns } from './rescoring-runs.js';
import {
  addTallies,
  ended,
  type Phase,
  type Run,
  type RunId,
  type RunState,
  type Shard,
  type ShardJob,
  type Tally,
} from './run.js';

interface RunRow {
  run_id: string;
  day: string;
  as_of: Date;
  state: RunState;
  forced_because: string | null;
  started_by: string;
  total: number;
  problem: string | null;
  created_at: Date;
  started_at: Date | null;
  computed_at: Date | null;
  finished_at: Date | null;
  tallies: Partial<Tally>[];
  done: string;
}

const SELECT = `
  select r.*, r.day::text as day,
         coalesce((select json_agg(s.tally) from rescoring_shards s where s.run_id = r.run_id), '[]') as tallies,
         coalesce((select sum(s.accounts) from rescoring_shards s where s.run_id = r.run_id and s.state <> 'queued'), 0) as done
    from rescoring_runs r`;

const UNIQUE_VIOLATION = '23505';
/** Any constant: runs are made one at a time. */
const CREATE_LOCK = 7_263_543;

export class PostgresRescoringRuns extends RescoringRuns {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  async create(run: NewRun): Promise<'created' | 'day-taken' | 'under-way'> {
    const total = run.shards.reduce((sum, shard) => sum + shard.accounts, 0);
    try {
      return await this.database.transaction(async (manager) => {
        await manager.query('select pg_advisory_xact_lock($1)', [CREATE_LOCK]);
        const [open] = await manager.query<{ day_taken: boolean }[]>(
          `select bool_or(day = $2::date) as day_taken from rescoring_runs where state <> all($1) having count(*) > 0`,
          [[...ended], run.day],
        );
        if (open) return open.day_taken && run.forcedBecause === null ? 'day-taken' : 'under-way';
        await manager.query(
          `insert into rescoring_runs (run_id, day, as_of, state, forced_because, started_by, total, created_at)
           values ($1, $2, $3, 'queued', $4, $5, $6, $7)`,
          [run.runId, run.day, run.asOf, run.forcedBecause, run.startedBy, total, run.createdAt],
        );
        await manager.query(
          `insert into rescoring_shards (run_id, shard, after_account, last_account, accounts)
           select $1, * from unnest($2::int[], $3::text[], $4::text[], $5::int[])`,
          [
            run.runId,
            run.shards.map((shard) => shard.shard),
            run.shards.map((shard) => shard.afterAccount),
            run.shards.map((shard) => shard.lastAccount),
            run.shards.map((shard) => shard.accounts),
          ],
        );
        return 'created';
      });
    } catch (cause) {
      if (sqlState(cause) === UNIQUE_VIOLATION) return 'day-taken';
      throw cause;
    }
  }

  async find(runId: RunId): Promise<Run | null> {
    const [row] = await this.database.query<RunRow[]>(`${SELECT} where r.run_id = $1`, [runId]);
    return row ? toRun(row, this.clock.now()) : null;
  }

  async list(limit: number, after?: RunId): Promise<Run[]> {
    const rows = await this.database.query<RunRow[]>(
      `${SELECT} where $2::text is null
                      or (r.created_at, r.run_id) < (select created_at, run_id from rescoring_runs where run_id = $2)
        order by r.created_at desc, r.run_id desc limit $1`,
      [limit, after ?? null],
    );
    return rows.map((row) => toRun(row, this.clock.now()));
  }

  async lockShard(job: ShardJob, within: Transaction): Promise<Shard | null> {
    const [row] = await managerOf(within).query<
      {
        after_account: string | null;
        last_account: string;
        accounts: number;
        state: Shard['state'];
        tally: Shard['tally'];
      }[]
    >(
      `select s.after_account, s.last_account, s.accounts, s.state, s.tally
         from rescoring_shards s join rescoring_runs r using (run_id)
        where s.run_id = $1 and s.shard = $2 and r.state <> all($3) for update of s`,
      [job.runId, job.shard, [...ended]],
    );
    if (!row) return null;
    return {
      runId: job.runId,
      shard: job.shard,
      afterAccount: row.after_account as AccountId | null,
      lastAccount: row.last_account as AccountId,
      accounts: row.accounts,
      state: row.state,
      tally: row.tally,
    };
  }

  async saveShard(shard: Shard, within: Transaction): Promise<void> {
    await managerOf(within).query(
      'update rescoring_shards set state = $3, tally = $4::jsonb where run_id = $1 and shard = $2',
      [shard.runId, shard.shard, shard.state, JSON.stringify(shard.tally)],
    );
  }

  async move(
    runId: RunId,
    from: readonly RunState[],
    to: RunState,
    at: Date,
    { problem, within }: { problem?: string; within?: Transaction } = {},
  ): Promise<boolean> {
    const moved = await (within ? managerOf(within) : this.database).query<[unknown[], number]>(
      `update rescoring_runs
          set state = $3, problem = coalesce($5, problem),
              started_at = case when $3 = 'running' then coalesce(started_at, $4) else started_at end,
              computed_at = case when $3 = 'publishing' then coalesce(computed_at, $4) else computed_at end,
              finished_at = case when $3 in ('published', 'failed', 'cancelled', 'blocked') then $4::timestamptz end
        where run_id = $1 and state = any($2)
        returning run_id`,
      [runId, [...from], to, at, problem ?? null],
    );
    return moved[1] > 0;
  }

  async unfinished(runId: RunId, phase: Phase): Promise<number[]> {
    const rows = await this.database.query<{ shard: number }[]>(
      'select shard from rescoring_shards where run_id = $1 and state = any($2) order by shard',
      [runId, phase === 'compute' ? ['queued'] : ['queued', 'computed']],
    );
    return rows.map((row) => row.shard);
  }
}

function toRun(row: RunRow, now: Date): Run {
  const done = Number(row.done);
  const end = row.computed_at ?? row.finished_at ?? now;
  const seconds = row.started_at ? (end.getTime() - row.started_at.getTime()) / SECOND : null;
  return {
    runId: row.run_id as RunId,
    day: row.day,
    asOf: row.as_of,
    state: row.state,
    forcedBecause: row.forced_because,
    startedBy: row.started_by,
    total: row.total,
    done,
    ratePerSecond: seconds !== null && seconds > 0 ? Math.round(done / seconds) : null,
    tally: addTallies(row.tallies),
    problem: row.problem,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
