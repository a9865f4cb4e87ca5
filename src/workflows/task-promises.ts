import type { MemberId } from '../catalogue/index.js';
import type { AccountEvent, EventLog, ThreadLog } from '../events/index.js';
import type { Clock, Transaction } from '../shared/index.js';
import {
  keptBefore,
  keptPromise,
  mayConcernAnother,
  type NewTask,
  PROMISE_KEPT,
  promiseOf,
  type Task,
  type TaskBook,
} from '../suggestions/index.js';
import type { MakeTasks } from './task-making.js';

export interface PromiseParts {
  book: TaskBook;
  making: MakeTasks;
  events: Pick<EventLog, 'newest'>;
  threads: ThreadLog;
  clock: Clock;
}

/** `Promise Kept` of one account that are looked at when a promise is told of after it was kept. */
const KEPT_READ = 50;

/** Makes a task of each promise that is told of, and closes it when the promise is told to be kept. */
export class FollowPromises {
  constructor(private readonly parts: PromiseParts) {}

  /** In the transaction that folds the events, their accounts locked. Past promises (imports, replays) make no tasks. */
  async apply(events: readonly AccountEvent[], within: Transaction): Promise<void> {
    const made = events.flatMap((event) => taskOf(event) ?? []);
    for (const { task, actor } of made) await this.parts.making.within([task], actor, within);
    const kept = events.filter(isKept);
    const told = events.filter((event) => taskOf(event) !== null);
    if (kept.length + told.length > 0) await this.close(kept, await this.early(told), told, within);
  }

  /** What was told to be kept before it was told to be promised: events come in any order. */
  private async early(told: readonly AccountEvent[]): Promise<AccountEvent[]> {
    if (told.length === 0) return [];
    const accountIds = [...new Set(told.map(({ accountId }) => accountId))];
    const asked = accountIds.map((accountId) => ({ accountId, names: [PROMISE_KEPT] }));
    const logged = (await this.parts.events.newest(asked, KEPT_READ)).flat().filter(isKept);
    if (logged.length === 0) return [];
    const past = await Promise.all(
      accountIds.map((accountId) => this.parts.book.page({ accountId, kind: 'promise', limit: KEPT_READ })),
    );
    return logged.filter((event) => mayConcernAnother(event, past.flat()));
  }

  /** Ends follow-ups of which no task is left: what was silent for their sake may speak again. */
  async closeThreads(ended: readonly Task[], within: Transaction): Promise<void> {
    const open = await this.parts.book.openOf([...new Set(ended.map(({ accountId }) => accountId))], within);
    const done = ended.filter(
      ({ accountId, conversationId }) =>
        conversationId !== null &&
        !open.some((task) => task.accountId === accountId && task.conversationId === conversationId),
    );
    await this.parts.threads.apply(
      done.flatMap(({ accountId, contactId, conversationId, endedAt }) =>
        conversationId === null
          ? []
          : {
              accountId,
              conversationId,
              kind: 'visit-follow-up' as const,
              contactId,
              topics: [],
              openedAt: null,
              closedAt: endedAt,
            },
      ),
      within,
    );
  }

  private async close(
    kept: readonly AccountEvent[],
    early: readonly AccountEvent[],
    told: readonly AccountEvent[],
    within: Transaction,
  ): Promise<void> {
    const { book, clock } = this.parts;
    const at = clock.now();
    const accountIds = [...kept, ...told].map(({ accountId }) => accountId);
    let open = await book.openOf([...new Set(accountIds)], within);
    const ended: Task[] = [];
    for (const event of [...early, ...kept]) {
      const task = kept.includes(event) ? keptPromise(event, open) : keptBefore(event, open, told);
      if (!task) continue;
      open = open.filter(({ taskId }) => taskId !== task.taskId);
      const endedAt = event.occurredAt < at ? event.occurredAt : at;
      const endedBy = event.memberId ?? event.source;
      ended.push({ ...task, state: 'completed', changedAt: at, endedAt, endedBy });
    }
    await book.save(ended, within);
    if (ended.length > 0) await this.closeThreads(ended, within);
  }
}

function isKept({ name, fromBrowser }: AccountEvent): boolean {
  return name === PROMISE_KEPT && fromBrowser !== true;
}

function taskOf(event: AccountEvent): { task: NewTask; actor: string } | null {
  if (event.origin !== 'live' || event.fromBrowser === true) return null;
  const promise = promiseOf(event);
  if (!promise) return null;
  const { accountId, contactId, memberId, eventId, properties } = event;
  const { topics, topic, conversationId } = properties;
  return {
    actor: memberId ?? event.source,
    task: {
      accountId,
      contactId,
      kind: 'promise',
      to: memberId === null ? { role: 'account-manager' } : { memberId: memberId as MemberId },
      about: promise.about,
      topics: topics ?? (topic === undefined ? [] : [topic]),
      dueAt: promise.dueAt,
      suggestionId: null,
      eventId,
      conversationId: conversationId ?? null,
    },
  };
}
