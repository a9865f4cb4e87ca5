import type { AccountId } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import type { InputSchema } from '../scoring/propensity-model.js';
import type { Decision, DecisionId } from './decision.js';

export interface DecisionRef {
  accountId: AccountId;
  decisionId: DecisionId;
}

/** Every answer that was given, kept by month. Nothing in it is ever changed. */
export abstract class DecisionLog {
  /** Makes room for decisions of that month; before the transaction that appends them, since it locks the table. */
  abstract prepare(at: Date): Promise<void>;
  /** Hundreds are written as one stream. The month must be prepared and the schema of their inputs saved. */
  abstract append(decisions: readonly Decision[], within: Transaction): Promise<void>;
  /** Those that are known, in any order. */
  abstract find(refs: readonly DecisionRef[]): Promise<Decision[]>;
  /** Decisions of a time, from `from` until before `to`, by account and then time, after a cursor: for training. */
  abstract page(
    range: { from: Date; to: Date },
    after: { accountId: AccountId; decidedAt: Date; decisionId: DecisionId } | null,
    limit: number,
  ): Promise<Decision[]>;
  /** Keeps the names under which snapshots are read; gives their digest, as it stands in `versions.inputs`. */
  abstract saveSchema(schema: InputSchema): Promise<string>;
  abstract schema(digest: string): Promise<InputSchema | null>;
}
