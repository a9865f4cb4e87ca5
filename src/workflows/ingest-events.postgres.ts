import type { AccountId } from '../catalogue/index.js';
import { managerOf, raisePolicyEpoch } from '../database/index.js';
import type { StoredState } from '../features/index.js';
import type { Transaction } from '../shared/index.js';
import { AccountRows, type FoldedRow, type LockedRow } from './ingest-events-rows.js';

/**
 * As `saveStates`, with all states in one value: a value goes to PostgreSQL as it is, a list of them as text that both
 * sides have to write out and read.
 */
const SAVE = `
  update account_state as s
     set state = substring($2::bytea from c.start for c.size), feature_set = c.feature_set,
         state_sequence = s.state_sequence + 1, policy_epoch = s.policy_epoch + c.raises
    from unnest($1::text[], $3::int[], $4::int[], $5::text[], $6::int[])
      as c(account_id, start, size, feature_set, raises)
   where s.account_id = c.account_id`;

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

  async save(rows: readonly FoldedRow[], within: Transaction): Promise<void> {
    if (rows.length === 0) return;
    let next = 1;
    const starts = rows.map(({ state }) => {
      const start = next;
      next += state.length;
      return start;
    });
    await managerOf(within).query(SAVE, [
      rows.map(({ accountId }) => accountId),
      Buffer.concat(rows.map(({ state }) => state)),
      starts,
      rows.map(({ state }) => state.length),
      rows.map(({ featureSet }) => featureSet),
      rows.map(({ raisesEpoch }) => (raisesEpoch ? 1 : 0)),
    ]);
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
