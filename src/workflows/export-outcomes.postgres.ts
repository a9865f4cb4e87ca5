import type { DataSource } from 'typeorm';
import type { Catalogue } from '../catalogue/index.js';
import type { DecisionOutcome } from '../learning/index.js';
import type { Decision } from '../recommender/index.js';
import { addDays } from '../shared/index.js';
import { DecisionOutcomes } from './export-outcomes.js';

interface TrialRow {
  decision_id: string;
  suggestion_id: string;
  label: number | null;
  value: number | null;
  closes_at: Date;
}

const TRIALS = `
  select t.decision_id, t.suggestion_id, t.label, t.value, t.closes_at from trials t
   where t.account_id = any($1) and t.decision_id = any($2)`;

const EFFECTS = `
  select e.decision_id, e.effect from decision_effects e
   where e.account_id = any($1) and e.decision_id = any($2) and e.effect = 'published'`;

/** Days after its decision in which a suggestion is carried out, if it is at all. */
const CARRIED_OUT_WITHIN_DAYS = 14;

export class PostgresDecisionOutcomes extends DecisionOutcomes {
  constructor(private readonly database: DataSource) {
    super();
  }

  async of(
    decisions: readonly Decision[],
    catalogue: Catalogue,
    at: Date,
  ): Promise<ReadonlyMap<string, DecisionOutcome>> {
    const accountIds = [...new Set(decisions.map(({ accountId }) => accountId))];
    const ids = decisions.map(({ decisionId }) => decisionId);
    const [trials, effects] = await Promise.all([
      this.database.query<TrialRow[]>(TRIALS, [accountIds, ids]),
      this.database.query<{ decision_id: string }[]>(EFFECTS, [accountIds, ids]),
    ]);
    const published = new Set(effects.map(({ decision_id }) => decision_id));
    const longestDays = Math.max(0, ...[...catalogue.outcomes.values()].map(({ withinDays }) => withinDays));
    const found = new Map<string, DecisionOutcome>();
    for (const decision of decisions) {
      if (decision.runId !== null && !published.has(decision.decisionId)) continue;
      const first = decision.suggestions[0];
      const own = trials.filter(
        (trial) => trial.decision_id === decision.decisionId && trial.suggestion_id === first?.suggestionId,
      );
      found.set(decision.decisionId, outcomeOf(decision.decidedAt, own, longestDays, at));
    }
    return found;
  }
}

/**
 * Settled at the same age whatever was decided and whatever came of it: else those that were answered soon, or in which
 * nothing was done, would be too many among the latest.
 */
function outcomeOf(
  decidedAt: Date,
  trials: readonly TrialRow[],
  longestDays: number,
  at: Date,
): DecisionOutcome {
  return {
    carriedOut: trials.length > 0,
    happened: trials.some(({ label }) => label === 1),
    value: trials.reduce((sum, { label, value }) => sum + (label === 1 ? (value ?? 0) : 0), 0),
    settled:
      addDays(decidedAt, CARRIED_OUT_WITHIN_DAYS + longestDays) <= at &&
      trials.every(({ closes_at }) => closes_at <= at),
  };
}
