import type { AccountId } from '../catalogue/index.js';
import type { Transaction } from '../shared/index.js';
import type { Trial } from './trial.js';

/** What of a trial is in the evidence of the model that serves. */
export interface Counted {
  /** Model for which the inputs were read; null: not read yet, or they cannot be. */
  model: string | null;
  /** The model's own logit, then the representation: float32. */
  inputs: Float32Array | null;
  label: 0 | 1 | null;
  /** In [0, 1]; below 1 while the window is open. */
  weight: number;
}

export interface KeptTrial {
  trial: Trial;
  counted: Counted;
  /** When it is to be looked at next; null: its window is closed and it is counted. */
  nextAt: Date | null;
}

/** Accounts in which something happened that outcomes depend on. */
export abstract class OutcomeInbox {
  /** In the transaction of what happened. */
  abstract notice(accountIds: readonly AccountId[], within: Transaction): Promise<void>;
  /** Whether there are entries. */
  abstract isWaiting(): Promise<boolean>;
  /** Takes accounts out, so many entries at a time; the same account is given once. */
  abstract take(limit: number, within: Transaction): Promise<AccountId[]>;
}

/** One row for each suggestion that was carried out. */
export abstract class TrialBook {
  abstract ofAccounts(accountIds: readonly AccountId[], within: Transaction): Promise<KeptTrial[]>;
  /** Those whose time has come, the earliest first. */
  abstract due(at: Date, limit: number, within?: Transaction): Promise<KeptTrial[]>;
  /** All that began since, by account and trial, after a cursor. */
  abstract since(
    from: Date,
    after: { accountId: AccountId; trialId: string } | null,
    limit: number,
    within: Transaction,
  ): Promise<KeptTrial[]>;
  abstract put(trials: readonly KeptTrial[], within: Transaction): Promise<void>;
  abstract remove(
    trials: readonly { accountId: AccountId; trialId: string }[],
    within: Transaction,
  ): Promise<void>;
}
