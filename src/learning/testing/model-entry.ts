import type { Metrics } from '../evaluation/metrics.js';
import type { ModelEntry } from '../registry/model-registry.js';
import type { ModelCard } from '../training/card.js';

const metricsWith = (logLoss: number): Metrics => ({
  rows: 1000,
  positives: 300,
  auc: 0.7,
  logLoss,
  brier: 0.2,
  ece: 0.01,
  liftAt10: 2,
});

/** A card as a training would write it, with the held-out log-loss of each outcome. */
export function modelCard(logLossByOutcome: Record<string, number>): ModelCard {
  const outcomes = Object.entries(logLossByOutcome);
  return {
    name: 'response',
    trainedAt: '2026-03-01T00:00:00.000Z',
    seed: '1',
    data: {
      rows: 5000,
      accounts: 700,
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-02-28T00:00:00.000Z',
      heads: outcomes.map(([outcomeId]) => ({ outcomeId, observed: 5000, positives: 1500, baseRate: 0.3 })),
      leftOut: [],
    },
    heldOut: { by: 'time', rows: 1000 },
    metrics: {
      linear: Object.fromEntries(outcomes.map(([outcome, logLoss]) => [outcome, metricsWith(logLoss)])),
    },
    competitors: { linear: { epochs: 5, logLoss: outcomes[0]?.[1] ?? 0, seconds: 1 } },
    winner: 'linear',
    because: 'it was the only competitor',
    limits: [],
    versions: { tensorflow: 'test', backend: 'wasm', featureSet: 'test' },
  };
}

export function modelEntry(version: string, logLossByOutcome: Record<string, number>): ModelEntry {
  return {
    version,
    name: 'response',
    createdAt: new Date('2026-03-01T00:00:00Z'),
    card: modelCard(logLossByOutcome),
    state: 'candidate',
    promotedAt: null,
    reason: null,
    unproven: false,
    predecessor: null,
    shadowSince: null,
  };
}
