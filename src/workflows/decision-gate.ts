import type { AccountId } from '../catalogue/index.js';
import type { Transaction } from '../shared/index.js';

export interface Standing {
  policyEpoch: number;
  stateSequence: number;
}

/** Where decisions pass on their way into the log. */
export abstract class DecisionGate {
  /** Locks the accounts in order of id until the transaction ends, and tells where they stand. Unknown ones are left out. */
  abstract lock(accountIds: readonly AccountId[], within: Transaction): Promise<Map<AccountId, Standing>>;
  /** The same without locking. */
  abstract look(accountIds: readonly AccountId[]): Promise<Map<AccountId, Standing>>;
  /** Says that what the contact policy reads of these locked accounts has changed. */
  abstract raisePolicyEpoch(accountIds: readonly AccountId[], within: Transaction): Promise<void>;
}
