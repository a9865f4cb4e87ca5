import { Worker } from 'node:worker_threads';
import type { BackendChoice } from '../tensorflow/backend.tfjs.js';
import { NotEnoughToLearn } from './judging.js';
import type { ThreadMessage, ThreadTask } from './train.worker.js';
import type { TrainingProgress } from './train.js';
import { Trainer, type TrainingResult, type TrainingTask } from './trainer.js';

/**
 * Trains in a thread of its own. Where the code runs uncompiled (tests), there is no file to start a thread with:
 * then here.
 */
export class ThreadTrainer extends Trainer {
  constructor(private readonly backend: BackendChoice) {
    super();
  }

  async train(
    task: TrainingTask,
    onProgress: (progress: TrainingProgress) => void = () => {},
  ): Promise<TrainingResult> {
    if (!import.meta.url.endsWith('.js')) {
      const { trainHere } = await import('./train-here.tfjs.js');
      return trainHere(task, this.backend, onProgress);
    }
    const workerData: ThreadTask = { ...task, backend: this.backend };
    return new Promise<TrainingResult>((resolve, reject) => {
      const worker = new Worker(new URL('./train.worker.js', import.meta.url), { workerData });
      worker.on('message', (message: ThreadMessage) => {
        if (message.kind === 'progress') onProgress(message.progress);
        else if (message.kind === 'refused') reject(new NotEnoughToLearn(message.message));
        else resolve(received(message.result));
      });
      worker.on('error', (cause) => reject(new Error('The training failed', { cause })));
      worker.on('exit', (code) =>
        reject(new Error(`The training's thread ended with code ${code} and no model`)),
      );
    });
  }
}

/** Buffers come out of a thread as plain bytes. */
function received({ packed, card }: TrainingResult): TrainingResult {
  return { packed: { model: packed.model, weights: Buffer.from(packed.weights) }, card };
}
