import type { DataSource } from 'typeorm';
import type { AccountId } from '../catalogue/index.js';
import { managerOf, sqlState } from '../database/index.js';
import { SECOND, type Transaction } from '../shared/index.js';
import { type NewRun, RescoringRuns } from './rescoring-runs.js';
import {
  addTallies,
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

export class PostgresRescoringRuns extends RescoringRuns {
  constructor(private readonly database: DataSource) {
    super();
  }

  async create(run: NewRun): Promise<boolean> {
    const total = run.shards.reduce((sum, shard) => sum + shard.accounts, 0);
    try {
      await this.database.transaction(async (manager) => {
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
      });
      return true;
    } catch (cause) {
      if (sqlState(cause) === UNIQUE_VIOLATION) return false;
      throw cause;
    }
  }

  async find(runId: RunId): Promise<Run | null> {
    const [row] = await this.database.query<RunRow[]>(`${SELECT} where r.run_id = $1`, [runId]);
    return row ? toRun(row) : null;
  }

  async list(limit: number, before?: Date): Promise<Run[]> {
    const rows = await this.database.query<RunRow[]>(
      `${SELECT} where $2::timestamptz is null or r.created_at < $2 order by r.created_at desc limit $1`,
      [limit, before ?? null],
    );
    return rows.map(toRun);
  }

  async lockShard(job: ShardJob, within: Transaction): Promise<Shard | null> {
    const [row] = await managerOf(within).query<
      { after_account: string | null; last_account: string; accounts: number; state: Shard['state'] }[]
    >(
      'select after_account, last_account, accounts, state from rescoring_shards where run_id = $1 and shard = $2 for update',
      [job.runId, job.shard],
    );
    if (!row) return null;
    return {
      runId: job.runId,
      shard: job.shard,
      afterAccount: row.after_account as AccountId | null,
      lastAccount: row.last_account as AccountId,
      accounts: row.accounts,
      state: row.state,
    };
  }

  async finishShard(job: ShardJob, tally: Partial<Tally>, within: Transaction): Promise<void> {
    await managerOf(within).query(
      'update rescoring_shards set state = $3, tally = tally || $4::jsonb where run_id = $1 and shard = $2',
      [job.runId, job.shard, job.phase === 'compute' ? 'computed' : 'published', JSON.stringify(tally)],
    );
  }

  async move(
    runId: RunId,
    from: readonly RunState[],
    to: RunState,
    at: Date,
    problem?: string,
  ): Promise<boolean> {
    const moved = await this.database.query<[unknown[], number]>(
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

function toRun(row: RunRow): Run {
  const done = Number(row.done);
  const end = row.computed_at ?? row.finished_at;
  const seconds = row.started_at && end ? (end.getTime() - row.started_at.getTime()) / SECOND : null;
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
