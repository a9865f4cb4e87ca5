import { ShardQueue, type ShardJob } from '../rescoring/index.js';
import type { JobQueue } from './queue-backend.queue.js';

export const RESCORING_QUEUE = 'rescoring';

export class QueuedShards extends ShardQueue {
  constructor(private readonly queue: JobQueue<ShardJob>) {
    super();
  }

  async add(jobs: readonly ShardJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await this.queue.add(jobs.map((data) => ({ id: `${data.runId}-${data.phase}-${data.shard}`, data })));
  }
}
