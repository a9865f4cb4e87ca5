import type { Drift } from './drift.js';
import type { FitSettings } from './fit.js';
import { LINEAR } from './weights.js';

/** Competitors by name, the plainer ones first. */
export type Competitors = Record<string, FitSettings>;

/** Standard errors by which what is bolder must be better; `AT_ALL` where it is not. */
const CLEARLY = 1;
const AT_ALL = 0;

const common = {
  reads: { account: true, crosses: true },
  forest: null,
  averaging: 0.995,
  nameless: 0.02,
  batch: 512,
  epochs: 24,
  patience: 3,
  drift: null,
  margin: CLEARLY,
};

/** Drift of an input above which only the competitors that read everything read it. */
const steady: Drift = { moved: 0.2, outside: 0.05 };

/** Straight lines, to the end of their convergence. */
const linear: FitSettings = { ...common, architecture: LINEAR, bins: 0, dropout: 0, rate: 0.01, decay: 0.01 };

const small: FitSettings = {
  ...common,
  architecture: { tower: 48, embedding: 24, candidateTower: 12, joint: 16, product: 4 },
  bins: 16,
  dropout: 0,
  rate: 0.003,
  decay: 0.3,
  drift: steady,
};
/**
 * More units, and numbers in steps so fine that a single day or price can be told. What every candidate costs when it
 * serves (joint layer and product) is that of the small one; only the account's side, computed once, is wider.
 */
const fine: FitSettings = {
  ...small,
  architecture: { tower: 64, embedding: 32, candidateTower: 16, joint: 16, product: 4 },
  bins: 128,
};

/**
 * Fixed once, on training rows of public data; capacity, and whether inputs that drift are read, is chosen among them
 * by each training. `candidate` knows what was sent and nothing of whom it was sent to. A large network is tried where
 * the small one paid, and wins where its loss is lower.
 */
export const standardCompetitors: Competitors = {
  candidate: { ...linear, reads: { account: false, crosses: false } },
  linear,
  boosted: {
    ...linear,
    reads: { account: false, crosses: true },
    drift: steady,
    forest: {
      trees: 400,
      patience: 20,
      leaves: 15,
      rate: 0.05,
      penalty: 1,
      leastRows: 20,
      rowShare: 0.7,
      inputShare: 0.7,
    },
  },
  small,
  everything: { ...small, drift: null },
  large: { ...fine, onlyAfter: 'small', margin: AT_ALL },
  'large-everything': { ...fine, drift: null, onlyAfter: 'everything', margin: AT_ALL },
};

export interface TrainingSettings {
  name: string;
  seed: string;
  competitors: Competitors;
  /** Heads with fewer positives or negatives are left out. */
  leastOfEach: number;
  /** Category values with fewer rows are rare. */
  rareBelow: number;
  /** Fits of the winner's kind, each with a seed of its own, that the last fit averages into one. */
  members: number;
}

export const standardTraining: TrainingSettings = {
  name: 'response',
  seed: '1',
  competitors: standardCompetitors,
  leastOfEach: 20,
  rareBelow: 20,
  members: 3,
};
