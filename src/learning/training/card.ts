import type { Metrics } from '../evaluation/metrics.js';

/** What a model was made from, how good it is, and where it must not be trusted. Stored and exported with it. */
export interface ModelCard {
  name: string;
  /** ISO 8601, by the clock of the training. */
  trainedAt: string;
  seed: string;
  data: {
    rows: number;
    accounts: number;
    /** ISO 8601 of the first and the last touch; null where rows have no time. */
    from: string | null;
    to: string | null;
    heads: { outcomeId: string; observed: number; positives: number; baseRate: number }[];
    /** Outcomes with too few positives or negatives to learn from. */
    leftOut: string[];
  };
  /** How the held-out slice on which the metrics stand was taken. */
  heldOut: { by: 'time' | 'accounts'; rows: number };
  /** By competitor (`base-rate`, `by-action`, `linear`, `network`), then by outcome, on the held-out slice, calibrated. */
  metrics: Record<string, Record<string, Metrics>>;
  /** The model that served when this one was trained, on the same held-out slice; absent where none did. */
  besideChampion?: { version: string; metrics: Record<string, Metrics> };
  competitors: Record<string, { epochs: number; logLoss: number; seconds: number }>;
  winner: string;
  /** Why the winner won, in a sentence. */
  because: string;
  limits: string[];
  versions: { tensorflow: string; backend: string; featureSet: string };
}
