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
import { Rescoring, type ShardJob } from '../rescoring/index.js';
import { Clock, SECOND } from '../shared/index.js';
import { RefreshInsights } from '../workflows/index.js';
import type { JobWorker, QueueBackend } from './queue-backend.queue.js';
import { QUEUE_BACKEND } from './queues.module.js';
import { RESCORING_QUEUE } from './shard-queue.queue.js';

/** Shards that one process works on at once: while one waits for the database, the other computes. */
const CONCURRENCY = 2;
/** How often a working process looks for runs whose jobs are lost: whoever started one may have died before it queued them. */
const LOOK_EVERY_MILLISECONDS = 15 * SECOND;

/** Consumes the shards of re-scoring runs, takes up runs that a crash left, and starts one every night. */
@Injectable()
export class RescoringJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('rescoring');
  private worker: JobWorker | undefined;
  private looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly rescoring: Rescoring,
    private readonly insights: RefreshInsights,
    private readonly clock: Clock,
    private readonly schedule: SchedulerRegistry,
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.worker = await this.backend.worker<ShardJob>(RESCORING_QUEUE, {
      concurrency: CONCURRENCY,
      work: (job) => this.rescoring.work(job),
      gaveUp: (job, cause) => {
        this.log.error(cause);
        this.rescoring.fail(job.runId, cause.message).catch((failure: unknown) => this.log.error(failure));
      },
      troubled: (cause) => this.log.warn(cause.message),
    });
    await this.rescoring.resume();
    this.looking = setInterval(() => this.resume(), LOOK_EVERY_MILLISECONDS);
    if (this.config.rescoringCron) this.startEveryNight();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.looking);
    await this.worker?.close();
  }

  private resume(): void {
    this.rescoring.resume().catch((cause: Error) => this.log.warn(cause.message));
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
