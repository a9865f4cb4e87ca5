import { parentPort, workerData } from 'node:worker_threads';
import type { BackendChoice } from '../tensorflow/backend.tfjs.js';
import { NotEnoughToLearn } from './judging.js';
import type { TrainingProgress } from './train.js';
import type { TrainingResult, TrainingTask } from './trainer.js';
import { trainHere } from './train-here.tfjs.js';

export interface ThreadTask extends TrainingTask {
  backend: BackendChoice;
}

export type ThreadMessage =
  | { kind: 'progress'; progress: TrainingProgress }
  | { kind: 'done'; result: TrainingResult }
  | { kind: 'refused'; message: string };

const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);

const task = workerData as ThreadTask;
try {
  const result = await trainHere(task, task.backend, (progress) => tell({ kind: 'progress', progress }));
  tell({ kind: 'done', result });
} catch (cause) {
  if (!(cause instanceof NotEnoughToLearn)) throw cause;
  tell({ kind: 'refused', message: cause.message });
}
