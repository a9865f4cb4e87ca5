import type { Dataset } from '../dataset/dataset.js';
import type { PackedArtefact } from './artefact.js';
import type { ModelCard } from './card.js';
import type { TrainingProgress } from './train.js';
import type { TrainingSettings } from './settings.js';

export interface TrainingTask {
  dataset: Dataset;
  settings: TrainingSettings;
  trainedAt: Date;
}

export interface TrainingResult {
  packed: PackedArtefact;
  card: ModelCard;
}

/** Trains a response model without stopping the service from answering. Throws `NotEnoughToLearn`. */
export abstract class Trainer {
  abstract train(
    task: TrainingTask,
    onProgress?: (progress: TrainingProgress) => void,
  ): Promise<TrainingResult>;
}
