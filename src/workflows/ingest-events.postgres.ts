import type { AccountId } from '../catalogue/index.js';
import { managerOf, raisePolicyEpoch, saveStates } from '../database/index.js';
import type { StoredState } from '../features/index.js';
import type { Transaction } from '../shared/index.js';
import { AccountRows, type FoldedRow, type LockedRow } from './ingest-events-rows.js';

/** Locks rows of `account_state` in the order of `lockAccounts`; states are read only where they are not in memory. */
export class PostgresAccountRows extends AccountRows {
  async lock(
    accountIds: readonly AccountId[],
    within: Transaction,
  ): Promise<ReadonlyMap<AccountId, LockedRow>> {
    const rows = await managerOf(within).query<
      { account_id: AccountId; state_sequence: string; feature_set: string | null }[]
    >(
      `select account_id, state_sequence, feature_set from account_state
        where account_id = any($1) order by account_id for update`,
      [accountIds],
    );
    return new Map(
      rows.map((row) => [
        row.account_id,
        { sequence: Number(row.state_sequence), featureSet: row.feature_set },
      ]),
    );
  }

  async states(accountIds: readonly AccountId[], within: Transaction): Promise<StoredState[]> {
    if (accountIds.length === 0) return [];
    return managerOf(within).query<StoredState[]>(
      `select account_id as "accountId", feature_set as "featureSet", state from account_state where account_id = any($1)`,
      [accountIds],
    );
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
