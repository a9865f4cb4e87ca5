import type { AccountId, MemberId, Role } from '../catalogue/index.js';
import type { Transaction } from '../shared/index.js';
import type { Colleague } from '../suggestions/index.js';

/** Who there is to give a task to. */
export abstract class TaskPeople {
  abstract members(memberIds: readonly MemberId[], within?: Transaction): Promise<Map<MemberId, Colleague>>;
  /** Who looks after each account. */
  abstract teams(
    accountIds: readonly AccountId[],
    within?: Transaction,
  ): Promise<Map<AccountId, Colleague[]>>;
  abstract withRole(role: Role, within?: Transaction): Promise<MemberId[]>;
  /** ISO 3166-1 alpha-2, where it is known. */
  abstract countries(
    accountIds: readonly AccountId[],
    within?: Transaction,
  ): Promise<Map<AccountId, string | null>>;
}
