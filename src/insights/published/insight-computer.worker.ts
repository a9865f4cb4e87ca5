import { Worker } from 'node:worker_threads';
import type { AccountInsight } from './insight.js';
import { batchesOf, InsightComputer, type InsightTask } from './insight-computer.js';
import type { ComputedMessage } from './compute-insight.worker.js';

/** Computes in a thread of its own. Where the code runs uncompiled (tests), there is no file to start one with: then here. */
export class ThreadInsightComputer extends InsightComputer {
  async compute(
    task: InsightTask,
    onBatch: (accounts: readonly AccountInsight[]) => Promise<void>,
  ): Promise<void> {
    if (!import.meta.url.endsWith('.js')) {
      for (const batch of batchesOf(task)) await onBatch(batch);
      return;
    }
    const worker = new Worker(new URL('./compute-insight.worker.js', import.meta.url), { workerData: task });
    let writing: Promise<void> = Promise.resolve();
    try {
      await new Promise<void>((resolve, reject) => {
        worker.on('message', (message: ComputedMessage) => {
          if (message.kind === 'done') writing.then(resolve, reject);
          else writing = writing.then(() => onBatch(message.accounts));
          writing.catch(reject);
        });
        worker.on('error', (cause) => reject(new Error(`The insight "${task.insight}" failed`, { cause })));
        worker.on('exit', (code) => {
          if (code !== 0) reject(new Error(`The thread of the insight "${task.insight}" ended with ${code}`));
        });
      });
    } finally {
      await worker.terminate();
    }
  }
}
