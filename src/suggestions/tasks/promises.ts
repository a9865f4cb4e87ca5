import { type AccountEvent, eventKey } from '../../events/index.js';
import { parseDue } from './due.js';
import type { DueAt, Task } from './task.js';

export const PROMISE_MADE = 'Promise Made';
export const PROMISE_KEPT = 'Promise Kept';

/** Longest account of what was promised that a task keeps. */
const ABOUT_MAX = 2000;

/** What an event says was promised; null when it says nothing that can be done. */
export function promiseOf(event: AccountEvent): { about: string; dueAt: DueAt | null } | null {
  if (event.name !== PROMISE_MADE) return null;
  const { what, dueAt } = event.properties;
  if (typeof what !== 'string' || what.trim() === '') return null;
  return { about: what.slice(0, ABOUT_MAX), dueAt: typeof dueAt === 'string' ? parseDue(dueAt) : null };
}

/**
 * The promise that a `Promise Kept` is about: the one that it names by `taskId`, by `promiseId` (id or messageId of the
 * `Promise Made`) or in the same words; else the only one that is open with the contact. Undefined where that is unclear:
 * no promise is forgotten by mistake.
 */
export function keptPromise(kept: AccountEvent, open: readonly Task[]): Task | undefined {
  const promises = open.filter((task) => task.kind === 'promise' && task.accountId === kept.accountId);
  const { taskId, promiseId, what } = kept.properties;
  if (typeof taskId === 'string') return promises.find((task) => task.taskId === taskId);
  if (typeof promiseId === 'string') {
    const ids: readonly string[] = [promiseId, eventKey(kept.source, promiseId)];
    return promises.find(({ eventId }) => eventId !== null && ids.includes(eventId));
  }
  const own = promises.filter(({ contactId }) => contactId === kept.contactId);
  if (typeof what === 'string') return own.find(({ about }) => about === what.slice(0, ABOUT_MAX));
  return own.length === 1 ? own[0] : undefined;
}

/**
 * The promise just told of that an earlier `Promise Kept` was about. One that was made after it was kept is another one.
 */
export function keptBefore(
  kept: AccountEvent,
  open: readonly Task[],
  told: readonly AccountEvent[],
): Task | undefined {
  const task = keptPromise(kept, open);
  const made = told.find(
    ({ accountId, eventId }) => accountId === task?.accountId && eventId === task.eventId,
  );
  return made && made.occurredAt <= kept.occurredAt ? task : undefined;
}

/**
 * Whether a `Promise Kept` may be about a promise beside those that are known: none of them was done by it, and one that
 * names nothing did not wait beside any with the same contact.
 */
export function mayConcernAnother(kept: AccountEvent, known: readonly Task[]): boolean {
  const { taskId, promiseId, what } = kept.properties;
  const named = [taskId, promiseId, what].some((name) => typeof name === 'string');
  return !known.some(
    (task) =>
      task.accountId === kept.accountId &&
      (task.endedAt?.getTime() === kept.occurredAt.getTime() ||
        (!named && task.contactId === kept.contactId)),
  );
}
