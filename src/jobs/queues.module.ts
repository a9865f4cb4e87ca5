import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { type Config, CONFIG } from '../config.js';
import { type ShardJob, ShardQueue } from '../rescoring/index.js';
import { type JobQueue, queueBackend, type QueueBackend } from './queue-backend.queue.js';
import { QueuedShards, RESCORING_QUEUE } from './shard-queue.queue.js';

export const QUEUE_BACKEND = Symbol('QueueBackend');
const SHARDS = Symbol('JobQueue<ShardJob>');

/** Where jobs are put; every process has it, workers or not. */
@Global()
@Module({
  providers: [
    {
      provide: QUEUE_BACKEND,
      inject: [CONFIG],
      useFactory: ({ databaseUrl, redisUrl }: Config) => {
        if (databaseUrl === null) throw new Error('The queues need the address of the database');
        return queueBackend({ databaseUrl, redisUrl });
      },
    },
    {
      provide: SHARDS,
      inject: [QUEUE_BACKEND],
      useFactory: (backend: QueueBackend) => backend.queue<ShardJob>(RESCORING_QUEUE),
    },
    {
      provide: ShardQueue,
      inject: [SHARDS],
      useFactory: (queue: JobQueue<ShardJob>) => new QueuedShards(queue),
    },
  ],
  exports: [QUEUE_BACKEND, ShardQueue],
})
export class QueuesModule implements OnApplicationShutdown {
  constructor(
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
    @Inject(SHARDS) private readonly shards: JobQueue<ShardJob>,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.shards.close();
    await this.backend.close();
  }
}
