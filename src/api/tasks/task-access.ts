import type { Caller } from '../../access/index.js';
import type { Task, TaskId } from '../../suggestions/index.js';
import { invalidFields } from '../http/problem.js';

/** Whether the caller may change a task: who does it, who may do it, who made it, and those who see everything. */
export function mayChange(task: Task, caller: Caller, limitedTo: string | null): boolean {
  if (limitedTo === null) return true;
  if (task.memberId === null && task.role === caller.role) return true;
  return task.memberId === limitedTo || task.createdBy === limitedTo;
}

export const taskCursor = ({ dueAt, taskId }: Task) => ({ dueAt, taskId });

export function afterFrom(cursor: unknown): { dueAt: Date | null; taskId: TaskId } | undefined {
  if (cursor === undefined) return undefined;
  if (typeof cursor === 'object' && cursor !== null && 'dueAt' in cursor && 'taskId' in cursor) {
    const { dueAt, taskId } = cursor;
    const at = typeof dueAt === 'string' ? new Date(dueAt) : null;
    if (typeof taskId === 'string' && !Number.isNaN(at?.getTime()))
      return { dueAt: at, taskId: taskId as TaskId };
  }
  throw invalidFields([
    { pointer: '/cursor', detail: 'is not a cursor of this list: pass on nextCursor as it was given' },
  ]);
}
