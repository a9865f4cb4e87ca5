import { DateTime } from 'luxon';
import { isOverdue, type Task } from '../../suggestions/index.js';

/** A task as the API shows it. */
export function taskView(task: Task, timeZone: string, at: Date) {
  const { overdueAt: _, accountId, ...shown } = task;
  return {
    ...shown,
    accountId,
    overdue: isOverdue(task, at),
    /** When it is due on the clock of whoever does it. */
    dueLocal:
      task.dueAt === null
        ? null
        : {
            at: DateTime.fromJSDate(task.dueAt, { zone: timeZone }).toFormat("yyyy-MM-dd'T'HH:mm"),
            timeZone,
          },
  };
}

export type TaskView = ReturnType<typeof taskView>;
