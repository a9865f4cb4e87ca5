import type { AccountId } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import type { Touch, TouchId, TouchState } from './touch.js';

/** Every touch, ours or another system's, and the life of ours. */
export abstract class TouchLog {
  /** Touches of the accounts that began, or are planned, since then; oldest first. Accounts without any are left out. */
  abstract since(
    accountIds: readonly AccountId[],
    from: Date,
    within?: Transaction,
  ): Promise<Map<AccountId, Touch[]>>;
  /**
   * Adds touches. One that is known already (same account and id) is not added again; when it comes as `sent`, the known
   * one becomes `sent`, whatever it was. The accounts must be locked.
   */
  abstract put(touches: readonly Touch[], within: Transaction): Promise<void>;
  /** Moves the touches that are in one of the states `from` to `to`; gives the ids of those that moved. */
  abstract change(
    accountId: AccountId,
    touchIds: readonly TouchId[],
    from: readonly TouchState[],
    to: TouchState,
    within: Transaction,
  ): Promise<TouchId[]>;
  /** Touches of ours that are not over: planned or sending. */
  abstract underWay(accountIds: readonly AccountId[], within?: Transaction): Promise<Touch[]>;
  abstract find(touchId: TouchId): Promise<Touch | null>;
}
