import type { AccountId } from '../catalogue/index.js';
import { lockAccounts, managerOf, raisePolicyEpoch, saveStates } from '../database/index.js';
import type { StoredState } from '../features/index.js';
import type { Transaction } from '../shared/index.js';
import { AccountRows, type FoldedRow } from './ingest-events-rows.js';

export class PostgresAccountRows extends AccountRows {
  lock(accountIds: readonly AccountId[], within: Transaction): Promise<ReadonlyMap<string, StoredState>> {
    return lockAccounts(accountIds, within);
  }

  save(rows: readonly FoldedRow[], within: Transaction): Promise<void> {
    return saveStates(rows, within);
  }

  raiseEpoch(accountIds: readonly AccountId[], within: Transaction): Promise<void> {
    return raisePolicyEpoch(accountIds, within);
  }
}

/** Says that what is folded of these locked accounts no longer holds, and that what the contact policy reads has changed. */
export async function invalidateStates(accountIds: readonly string[], within: Transaction): Promise<void> {
  await managerOf(within).query(
    `update account_state set state = null, feature_set = null, state_sequence = state_sequence + 1,
            policy_epoch = policy_epoch + 1
      where account_id = any($1)`,
    [accountIds],
  );
}
