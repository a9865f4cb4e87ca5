import { overdueEvents } from '../alerts/index.js';
import type { Clock, Transactions } from '../shared/index.js';
import { isOverdue, type Task, type TaskBook } from '../suggestions/index.js';
import type { AccountLocks } from './account-locks.js';
import type { AlertConcerns } from './alert-concerns.js';

export interface OverdueParts {
  transactions: Transactions;
  locks: AccountLocks;
  book: TaskBook;
  concerns: AlertConcerns;
  clock: Clock;
}

/** Tasks looked at in one round. */
const AT_ONCE = 100;

/** Tells of tasks and promises that are late, once each, to whoever was to do them. Safe to run in several processes. */
export class OverdueTasks {
  constructor(private readonly parts: OverdueParts) {}

  /** Gives how many tasks were found to be late. One that cannot be told of does not keep the others back. */
  async runDue(at: Date = this.parts.clock.now()): Promise<number> {
    let total = 0;
    for (;;) {
      const due = await this.parts.book.due(at, AT_ONCE);
      const troubles: unknown[] = [];
      let told = 0;
      for (const one of due) {
        try {
          if (await this.tell(one, at)) told += 1;
        } catch (cause) {
          troubles.push(cause);
        }
      }
      total += told;
      if (troubles.length > 0 && told === 0)
        throw new AggregateError(troubles, 'Overdue tasks could not be told of');
      if (due.length < AT_ONCE) return total;
    }
  }

  private tell({ accountId, taskId }: Pick<Task, 'accountId' | 'taskId'>, at: Date): Promise<boolean> {
    const { transactions, locks, book, concerns } = this.parts;
    return transactions.run(async (within) => {
      await locks.lock([accountId], within);
      const task = await book.find(taskId, within);
      if (!task || task.overdueAt !== null || !isOverdue(task, at)) return false;
      await book.save([{ ...task, overdueAt: at, changedAt: at }], within);
      const { contactId, memberId, about, topics, dueAt, kind } = task;
      await concerns.about(
        {
          event: kind === 'promise' ? overdueEvents.promise : overdueEvents.task,
          accountId: task.accountId,
          contactId,
          subject: taskId,
          ...(memberId === null ? {} : { memberIds: [memberId] }),
          at,
          properties: { what: about, topics, taskId, ...(dueAt ? { dueAt: dueAt.toISOString() } : {}) },
        },
        within,
      );
      return true;
    });
  }
}
