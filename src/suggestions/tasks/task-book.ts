import type { AccountId, MemberId, Role } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import type { Task, TaskId, TaskKind, TaskState } from './task.js';

export interface TaskQuery {
  accountId?: AccountId;
  /** Tasks of this member, and those that are open for everybody of the member's role. */
  of?: { memberId: MemberId; role: Role };
  /** What a bound caller sees: the same, and every task of the accounts that the member is assigned to. */
  seenBy?: { memberId: MemberId; role: Role };
  state?: TaskState;
  kind?: TaskKind;
  /** Only those that are late at this time. */
  overdueAt?: Date;
  after?: { dueAt: Date | null; taskId: TaskId };
  limit: number;
}

/** Tasks as they stand. Accounts of tasks that are added or changed must be locked. */
export abstract class TaskBook {
  abstract add(tasks: readonly Task[], within: Transaction): Promise<void>;
  /** Writes what may change: account, state, who does it, when it is due, how it ended. */
  abstract save(tasks: readonly Task[], within: Transaction): Promise<void>;
  abstract find(taskId: TaskId, within?: Transaction): Promise<Task | null>;
  /** By due date, the earliest first, those without one last; one more than the limit where there are more. */
  abstract page(query: TaskQuery): Promise<Task[]>;
  abstract openOf(accountIds: readonly AccountId[], within?: Transaction): Promise<Task[]>;
  /** Open tasks that are late at a time and of which nobody was told yet, the latest first. */
  abstract due(at: Date, limit: number): Promise<Pick<Task, 'accountId' | 'taskId'>[]>;
}
