import type { AccountId } from '../catalogue/index.js';
import type { StoredState } from '../features/index.js';
import type { Transaction } from '../shared/index.js';

export interface FoldedRow {
  accountId: AccountId;
  featureSet: string;
  state: Buffer;
  /** What the contact policy reads has changed. */
  raisesEpoch: boolean;
}

export interface LockedRow {
  /** Rises whenever the state is written. */
  sequence: number;
  /** Null: what is folded no longer holds. */
  featureSet: string | null;
}

/** The row of an account, locked by whoever changes its past. */
export abstract class AccountRows {
  /** Locks in order of id until the transaction ends. Accounts without a row are left out. */
  abstract lock(
    accountIds: readonly AccountId[],
    within: Transaction,
  ): Promise<ReadonlyMap<AccountId, LockedRow>>;
  abstract states(accountIds: readonly AccountId[], within: Transaction): Promise<StoredState[]>;
  abstract save(rows: readonly FoldedRow[], within: Transaction): Promise<void>;
  /** What the contact policy reads of these has changed. */
  abstract raiseEpoch(accountIds: readonly AccountId[], within: Transaction): Promise<void>;
}
