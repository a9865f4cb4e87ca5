import type { AccountId, Accounts, Catalogues } from '../catalogue/index.js';
import type { Message, Outbox } from '../delivery/index.js';
import { type Clock, err, type Ids, ok, type Result, type Transactions } from '../shared/index.js';
import type { ScoreShard, PublishShard } from '../workflows/index.js';
import type { NewRun, RescoringRuns, ShardQueue } from './rescoring-runs.js';
import { addTallies, ended, type Phase, type Run, type RunId, type ShardJob } from './run.js';

export interface StartRun {
  /** 2026-11-22; today in the deployment's time zone when left out. */
  day?: string;
  /** The moment to decide for; now when left out. */
  asOf?: Date;
  /** Needed when the day has a run already. */
  force?: { reason: string };
  startedBy: string;
}

export interface RunRefused {
  code: 'already-run' | 'under-way' | 'nothing-to-decide' | 'unknown-run' | 'ended';
  detail: string;
}

/** Accounts decided and published together: large enough for set-wise SQL, small enough to lose little at a crash. */
export const SHARD_SIZE = 500;

/**
 * The nightly run. Every account is decided first (`compute`), then the decisions are put into force shard by shard
 * (`publish`). Both phases are jobs that are safe to repeat: a shard's row says what is done, in the same transaction
 * as its work.
 */
export class Rescoring {
  constructor(
    private readonly runs: RescoringRuns,
    private readonly queue: ShardQueue,
    private readonly accounts: Accounts,
    private readonly catalogues: Catalogues,
    private readonly scoreShard: ScoreShard,
    private readonly publishShard: PublishShard,
    private readonly outbox: Outbox,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly timeZone: string,
  ) {}

  async start(request: StartRun): Promise<Result<Run, RunRefused>> {
    const now = this.clock.now();
    const asOf = request.asOf ?? now;
    const day = request.day ?? dayIn(this.timeZone, asOf);
    const shards = await this.cut();
    if (shards.length === 0)
      return err({
        code: 'nothing-to-decide',
        detail: 'There are no accounts yet: save accounts or send events first.',
      });
    if ((await this.catalogues.current()).actions.size === 0) {
      return err({
        code: 'nothing-to-decide',
        detail: 'The catalogue has no actions yet: PUT /api/v1/actions/{actionId} first.',
      });
    }
    const runId = this.ids.next() as RunId;
    const run: NewRun = {
      runId,
      day,
      asOf,
      forcedBecause: request.force?.reason ?? null,
      startedBy: request.startedBy,
      createdAt: now,
      shards,
    };
    const created = await this.runs.create(run);
    if (created !== 'created') return err(created === 'under-way' ? UNDER_WAY : alreadyRun(day));
    await this.enqueue(runId, 'compute');
    return ok(await this.get(runId));
  }

  async cancel(runId: RunId): Promise<Result<Run, RunRefused>> {
    const run = await this.runs.find(runId);
    if (!run) return err({ code: 'unknown-run', detail: `There is no run "${runId}".` });
    const moved = await this.runs.move(
      runId,
      ['queued', 'running', 'publishing'],
      'cancelled',
      this.clock.now(),
    );
    if (!moved) return err({ code: 'ended', detail: `The run is ${run.state} already.` });
    return ok(await this.get(runId));
  }

  /** Puts the jobs of unfinished runs into the queue again; those that wait there already are not doubled. */
  async resume(): Promise<number> {
    const open = (await this.runs.list(RECENT_RUNS)).filter((run) => !ended.includes(run.state));
    for (const { runId, state } of open) {
      const phase = state === 'publishing' ? 'publish' : 'compute';
      await this.enqueue(runId, phase);
      await this.advance(runId, phase);
    }
    return open.length;
  }

  /** Does one job. Repeating it, or doing it in two processes at once, changes nothing. */
  async work(job: ShardJob): Promise<void> {
    const run = await this.runs.find(job.runId);
    if (!run || ended.includes(run.state)) return;
    if (run.state === 'queued') await this.runs.move(job.runId, ['queued'], 'running', this.clock.now());
    if (job.phase === 'compute') await this.compute(job, run.asOf);
    else await this.publish(job, run.asOf);
    await this.advance(job.runId, job.phase);
  }

  private async compute(job: ShardJob, asOf: Date): Promise<void> {
    await this.transactions.run(async (within) => {
      const shard = await this.runs.lockShard(job, within);
      if (shard?.state !== 'queued') return;
      const tally = await this.scoreShard.run({ ...shard, asOf }, within);
      await this.runs.saveShard({ ...shard, state: 'computed', tally }, within);
    });
  }

  private async publish(job: ShardJob, asOf: Date): Promise<void> {
    let again: AccountId[] = [];
    for (let round = 1; round === 1 || again.length > 0; round += 1) {
      again = await this.transactions.run(async (within) => {
        const shard = await this.runs.lockShard(job, within);
        if (shard?.state !== 'computed') return [];
        const last = round === ROUNDS;
        const { left, ...counts } = await this.publishShard.round({ ...shard, asOf }, again, last, within);
        const due = last ? [] : left;
        const tally = addTallies([shard.tally, { ...counts, missed: left.length - due.length }]);
        await this.runs.saveShard(
          { ...shard, state: due.length > 0 ? 'computed' : 'published', tally },
          within,
        );
        return due;
      });
    }
  }

  /** Gives up on a run whose job failed for good. */
  async fail(runId: RunId, problem: string): Promise<void> {
    await this.runs.move(runId, ['queued', 'running', 'publishing'], 'failed', this.clock.now(), { problem });
  }

  private async advance(runId: RunId, phase: Phase): Promise<void> {
    if ((await this.runs.unfinished(runId, phase)).length > 0) return;
    if (phase === 'publish') return this.finish(runId);
    await this.runs.move(runId, ['running'], 'publishing', this.clock.now());
    await this.enqueue(runId, 'publish');
  }

  /** Others hear of the run as a whole: it tells nothing of single suggestions. */
  private async finish(runId: RunId): Promise<void> {
    const { day, asOf, total } = await this.get(runId);
    const at = this.clock.now();
    const message: Message = {
      messageId: `msg_${this.ids.next()}`,
      type: 'rescoring.finished',
      occurredAt: at,
      accountId: null,
      memberIds: [],
      data: { runId, day, asOf: asOf.toISOString(), accounts: total, finishedAt: at.toISOString() },
      notAfter: null,
    };
    await this.transactions.run(async (within) => {
      if (await this.runs.move(runId, ['publishing'], 'published', at, { within }))
        await this.outbox.put([message], within);
    });
  }

  private async enqueue(runId: RunId, phase: Phase): Promise<void> {
    const shards = await this.runs.unfinished(runId, phase);
    await this.queue.add(shards.map((shard) => ({ runId, shard, phase })));
  }

  private async get(runId: RunId): Promise<Run> {
    const run = await this.runs.find(runId);
    if (!run) throw new Error(`run ${runId} is gone`);
    return run;
  }

  private async cut(): Promise<NewRun['shards']> {
    const shards: NewRun['shards'] = [];
    let after: AccountId | null = null;
    for (;;) {
      const ids: AccountId[] = await this.accounts.idsAfter(after, SHARD_SIZE);
      const last = ids.at(-1);
      if (last === undefined) return shards;
      shards.push({ shard: shards.length, afterAccount: after, lastAccount: last, accounts: ids.length });
      after = last;
    }
  }
}

const RECENT_RUNS = 20;
/** Rounds of publishing after which accounts that change all the time are left. */
const ROUNDS = 5;

const UNDER_WAY: RunRefused = {
  code: 'under-way',
  detail: 'Another run has not ended yet: wait for it, or cancel it. See GET /api/v1/rescoring-runs.',
};

const alreadyRun = (day: string): RunRefused => ({
  code: 'already-run',
  detail: `${day} has a run already. To run again, force it with a reason: {"force": {"reason": "…"}}.`,
});

/** Calendar day of a moment in a zone: 2026-11-22. */
export function dayIn(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);
}
