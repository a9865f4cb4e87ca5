import type { Transaction } from '../shared/index.js';
import type { Phase, Run, RunId, RunState, Shard, ShardJob } from './run.js';

export interface NewRun {
  runId: RunId;
  day: string;
  asOf: Date;
  forcedBecause: string | null;
  startedBy: string;
  createdAt: Date;
  shards: Omit<Shard, 'runId' | 'state' | 'tally'>[];
}

/** The durable state of runs. */
export abstract class RescoringRuns {
  /** `day-taken`: the day has a run already and this one is not forced. `under-way`: one has not ended yet. */
  abstract create(run: NewRun): Promise<'created' | 'day-taken' | 'under-way'>;
  abstract find(runId: RunId): Promise<Run | null>;
  /** Newest first, from the one after a run. */
  abstract list(limit: number, after?: RunId): Promise<Run[]>;
  /**
   * The shard, locked until the transaction ends, so that only one worker finishes it. Null when it is not there or its
   * run has ended.
   */
  abstract lockShard(job: ShardJob, within: Transaction): Promise<Shard | null>;
  /** Writes what is counted of a shard, and its state. The shard must be locked. */
  abstract saveShard(shard: Shard, within: Transaction): Promise<void>;
  /** Moves the run when it is in one of the given states; false when it was not. */
  abstract move(
    runId: RunId,
    from: readonly RunState[],
    to: RunState,
    at: Date,
    more?: { problem?: string; within?: Transaction },
  ): Promise<boolean>;
  /** Shards whose phase is not done. */
  abstract unfinished(runId: RunId, phase: Phase): Promise<number[]>;
}

/** Where shard jobs wait; a job that waits already is not added twice. */
export abstract class ShardQueue {
  abstract add(jobs: readonly ShardJob[]): Promise<void>;
}
