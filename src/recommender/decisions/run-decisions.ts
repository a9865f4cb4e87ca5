import type { AccountId } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import type { DecisionId, DecisionOutline } from './decision.js';

/** Part of a run: accounts after one id, up to and with another. */
export interface RunRange {
  runId: string;
  /** The moment that the run decides for. */
  asOf: Date;
  afterAccount: AccountId | null;
  lastAccount: AccountId;
}

/** What became of a run's decision: put before people, or not, since somebody works on the list or the past has changed. */
export type DecisionEffect = 'published' | 'kept' | 'stale';

/**
 * Decisions of a run. They are logged while the run computes, and are in force only once they are settled as
 * `published`; one without an effect was never shown to anybody.
 */
export abstract class RunDecisions {
  /** Decisions of the range that are not settled yet, by account. */
  abstract of(range: RunRange, within: Transaction): Promise<DecisionOutline[]>;
  abstract settle(
    decisions: readonly { accountId: AccountId; decisionId: DecisionId; effect: DecisionEffect }[],
    runId: string,
    at: Date,
    within: Transaction,
  ): Promise<void>;
}
