import type { FitSettings } from './fit.js';
import { LINEAR } from './weights.js';

/** Competitors by name. `linear` is the plain one: the others must beat it. */
export type Competitors = Record<string, FitSettings>;

const common = { averaging: 0.995, nameless: 0.05, batch: 512, epochs: 40, patience: 4 };

/** Fixed once, on training rows of public data; capacity is chosen among them by each training. */
export const standardCompetitors: Competitors = {
  linear: { ...common, architecture: LINEAR, bins: 0, dropout: 0, rate: 0.01, decay: 0.01 },
  network: {
    ...common,
    architecture: { tower: 64, embedding: 32, candidateTower: 16, joint: 32, product: 8 },
    bins: 16,
    dropout: 0.1,
    rate: 0.002,
    decay: 0.02,
  },
};

export interface TrainingSettings {
  name: string;
  seed: string;
  competitors: Competitors;
  /** Heads with fewer positives or negatives are left out. */
  leastOfEach: number;
  /** Category values with fewer rows are rare. */
  rareBelow: number;
}

export const standardTraining: TrainingSettings = {
  name: 'response',
  seed: '1',
  competitors: standardCompetitors,
  leastOfEach: 20,
  rareBelow: 20,
};
