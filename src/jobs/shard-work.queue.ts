import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Rescoring, type ShardJob } from '../rescoring/index.js';
import type { JobWorker, QueueBackend } from './queue-backend.queue.js';
import { QUEUE_BACKEND } from './queues.module.js';
import { RESCORING_QUEUE } from './shard-queue.queue.js';

/** Shards that one process works on at once: while one waits for the database, the other computes. */
const CONCURRENCY = 2;

/** Works on the shards of re-scoring runs as long as its process runs. */
@Injectable()
export class ShardWork implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('rescoring');
  private worker: JobWorker | undefined;
  private begins: (job: ShardJob) => void = () => undefined;

  constructor(
    private readonly rescoring: Rescoring,
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.worker = await this.backend.worker<ShardJob>(RESCORING_QUEUE, {
      concurrency: CONCURRENCY,
      work: (job) => {
        this.begins(job);
        return this.rescoring.work(job);
      },
      gaveUp: (job, cause) => {
        this.log.error(cause);
        this.rescoring.fail(job.runId, cause.message).catch((failure: unknown) => this.log.error(failure));
      },
      troubled: (cause) => this.log.warn(cause.message),
    });
  }

  /** Who wants to hear that work on a shard begins. */
  whenOneBegins(begins: (job: ShardJob) => void): void {
    this.begins = begins;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.worker?.close();
  }
}
