import type { AccountId } from '../catalogue/index.js';
import { managerOf, raisePolicyEpoch } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { AccountLocks } from './account-locks.js';

/** Locks rows of `account_state` in the order of `lockAccounts`, without reading their states. */
export class PostgresAccountLocks extends AccountLocks {
  async lock(accountIds: readonly AccountId[], within: Transaction): Promise<void> {
    const asked = [...new Set(accountIds)];
    const locked = await managerOf(within).query<{ account_id: string }[]>(
      'select account_id from account_state where account_id = any($1) order by account_id for update',
      [asked],
    );
    if (locked.length === asked.length) return;
    const found = new Set(locked.map((row) => row.account_id));
    throw new Error(
      `Accounts without a state row: ${asked.filter((accountId) => !found.has(accountId)).join(', ')}`,
    );
  }

  raisePolicyEpoch(accountIds: readonly AccountId[], within: Transaction): Promise<void> {
    return raisePolicyEpoch(accountIds, within);
  }
}
