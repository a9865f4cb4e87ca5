import type { AccountId } from '../catalogue/index.js';
import type { Transaction } from '../shared/index.js';

/** The account row as those see it who change an account's past without folding events. */
export abstract class AccountLocks {
  /** Locks the accounts in order of id until the transaction ends. Throws when one has no row. */
  abstract lock(accountIds: readonly AccountId[], within: Transaction): Promise<void>;
  /** Says that what the contact policy reads of these locked accounts has changed. */
  abstract raisePolicyEpoch(accountIds: readonly AccountId[], within: Transaction): Promise<void>;
}
