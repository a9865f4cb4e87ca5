import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { type Config, CONFIG } from '../config.js';
import { Rescoring, type RunId, RescoringRuns } from '../rescoring/index.js';
import { Clock, SECOND } from '../shared/index.js';
import { RefreshInsights } from '../workflows/index.js';
import { ShardHelpers } from './shard-helpers.worker.js';
import { ShardWork } from './shard-work.queue.js';

/**
 * How often a working process looks for runs whose jobs are lost: whoever started one may have died before it queued
 * them.
 */
const LOOK_EVERY_MILLISECONDS = 15 * SECOND;
/** A smaller run is over before a helper could have begun. */
const FEWEST_FOR_HELP = 5_000;

/** Takes up runs that a crash left, starts one every night, and gathers helpers for as long as there is one. */
@Injectable()
export class RescoringJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('rescoring');
  private readonly helpers: ShardHelpers;
  private helped: RunId | undefined;
  private leaving = false;
  private looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly rescoring: Rescoring,
    private readonly runs: RescoringRuns,
    private readonly insights: RefreshInsights,
    private readonly clock: Clock,
    private readonly schedule: SchedulerRegistry,
    private readonly work: ShardWork,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.helpers = new ShardHelpers(config, this.log);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.work.whenOneBegins(({ runId }) => this.help(runId));
    await this.rescoring.resume();
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MILLISECONDS);
    if (this.config.rescoringCron) this.startEveryNight();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.looking);
    this.leaving = true;
    await this.helpers.dismiss();
  }

  private help(runId: RunId): void {
    this.gather(runId).catch((cause: Error) => this.log.warn(cause.message));
  }

  private async gather(runId: RunId): Promise<void> {
    if (runId !== this.helped && ((await this.runs.find(runId))?.total ?? 0) < FEWEST_FOR_HELP) return;
    this.helped = runId;
    if (!this.leaving) this.helpers.gather();
  }

  private look(): void {
    this.resume().catch((cause: Error) => this.log.warn(cause.message));
  }

  private async resume(): Promise<void> {
    if ((await this.rescoring.resume()) === 0) await this.helpers.dismiss();
  }

  private async night(): Promise<void> {
    await this.insights.run(this.clock.now(), ({ told, problem }) => {
      if (problem) this.log.error(problem);
      for (const line of told) this.log.log(line);
    });
    const started = await this.rescoring.start({ startedBy: 'schedule' });
    this.log.log(started.ok ? `run ${started.value.runId} started` : started.error.detail);
  }

  private startEveryNight(): void {
    const job = CronJob.from({
      cronTime: this.config.rescoringCron,
      timeZone: this.config.timeZone,
      onTick: () => {
        this.night().catch((cause: unknown) => this.log.error(cause));
      },
    });
    this.schedule.addCronJob('rescoring', job);
    job.start();
  }
}
