import type { MemberId } from '../../catalogue/index.js';
import type { Task } from './task.js';

/** What others are told of a task: who is to do what, for whom, until when. */
export function taskData(task: Task): Record<string, unknown> {
  return {
    taskId: task.taskId,
    kind: task.kind,
    state: task.state,
    accountId: task.accountId,
    contactId: task.contactId,
    role: task.role,
    memberId: task.memberId,
    about: task.about,
    topics: task.topics,
    dueAt: task.dueAt?.toISOString() ?? null,
    suggestionId: task.suggestionId,
    createdAt: task.createdAt.toISOString(),
    createdBy: task.createdBy,
  };
}

/** Whom a task concerns: the one who does it, else everybody of the role. */
export function addressees(task: Task, ofRole: readonly MemberId[]): MemberId[] {
  return task.memberId === null ? [...ofRole] : [task.memberId];
}
