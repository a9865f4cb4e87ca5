import type { AccountId } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import type { AccountState } from '../feature-set.js';

/** A state with the numbers that a decision records of its account. */
export interface LoadedState {
  state: AccountState;
  policyEpoch: number;
  stateSequence: number;
}

/** What an account's row has of its state; null before the first fold. `LockedAccount` is one. */
export interface StoredState {
  accountId: string;
  featureSet: string | null;
  state: Buffer | null;
}

/**
 * The states of accounts. One that is missing, or was made by other definitions, is folded from the log on the way, so
 * that readers always get the present feature set.
 */
export abstract class FeatureStore {
  /** One query for all whose state is present. Accounts that do not exist are left out. */
  abstract load(accountIds: readonly AccountId[], within?: Transaction): Promise<Map<AccountId, LoadedState>>;
  /**
   * States of locked accounts, to fold further and save. Ask before the events of this transaction are appended to the
   * log: a state that has to be folded from the log would have them already.
   */
  abstract statesOf(
    accounts: readonly StoredState[],
    within: Transaction,
  ): Promise<Map<AccountId, AccountState>>;
  /** Locks the accounts, folds their logs anew as the transaction sees them, and saves. Gives how many exist. */
  abstract rebuild(accountIds: readonly AccountId[], within: Transaction): Promise<number>;
  /** Accounts whose saved state is missing or of another feature set, in order of id. */
  abstract outdated(after: AccountId | null, limit: number): Promise<AccountId[]>;
}
