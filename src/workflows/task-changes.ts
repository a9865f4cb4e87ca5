import type { AuditTrail } from '../access/index.js';
import type { MemberId } from '../catalogue/index.js';
import { type AccountEvent, type IncomingItem, QUESTION_ANSWERED } from '../events/index.js';
import { type Clock, err, ok, type Result, type Transaction, type Transactions } from '../shared/index.js';
import {
  type DueAt,
  dueInZone,
  type NewTask,
  PROMISE_KEPT,
  type Task,
  type TaskBook,
  type TaskId,
  type TaskRefused,
} from '../suggestions/index.js';
import type { AccountLocks } from './account-locks.js';
import type { IngestEvents, TellItems } from './ingest-events.js';
import type { RespondToSuggestion } from './respond-to-suggestion.js';
import type { MakeTasks } from './task-making.js';
import type { FollowPromises } from './task-promises.js';

/** Who changes a task. */
export interface TaskActor {
  /** Key or member. */
  name: string;
  memberId: MemberId | null;
  /** Source of the events that tell of it. */
  source: string;
}

/** How a task was done. */
export interface Completion {
  note: string | null;
  /** Questions of the customer's that were answered by it. */
  answers: readonly { topic: string; text: string | null }[];
}

export interface ChangeTaskParts {
  transactions: Transactions;
  locks: AccountLocks;
  ingest: IngestEvents;
  book: TaskBook;
  making: MakeTasks;
  promises: FollowPromises;
  respond: RespondToSuggestion;
  audit: AuditTrail;
  clock: Clock;
  timeZone: string;
}

type Changed = Promise<Result<Task, TaskRefused>>;

/** What becomes of tasks: done, given to somebody else, called off. Each under the account's lock. */
export class ChangeTasks {
  constructor(private readonly parts: ChangeTaskParts) {}

  find(taskId: TaskId): Promise<Task | null> {
    return this.parts.book.find(taskId);
  }

  /** Done. A promise is kept by it, and what it answered is in the log. Said again, it changes nothing. */
  complete(task: Task, completion: Completion, actor: TaskActor): Changed {
    const items = eventsOf(task, completion, actor, this.parts.clock.now());
    return this.change(task, items, async (current, tell, within) => {
      if (current.state === 'completed') return ok(current);
      if (current.state !== 'open') return err(closed(current));
      await tell();
      const done = await this.end(current, 'completed', completion.note, actor, within);
      if (done.suggestionId !== null) {
        const { accountId, suggestionId } = done;
        // one that no longer stands stays as it is
        await this.parts.respond.within(
          { accountId, suggestionId },
          { kind: 'completed' },
          actor.memberId,
          within,
        );
      }
      return ok(done);
    });
  }

  /** Called off. Said again, it changes nothing. */
  cancel(task: Task, reason: string, actor: TaskActor): Changed {
    return this.change(task, [], async (current, _tell, within) => {
      if (current.state === 'cancelled') return ok(current);
      if (current.state !== 'open') return err(closed(current));
      return ok(await this.end(current, 'cancelled', reason, actor, within));
    });
  }

  /** Given to a member, or to whoever has a role; with another due date where one is named. */
  assign(task: Task, to: NewTask['to'], dueAt: DueAt | null, actor: TaskActor): Changed {
    const { making, book, clock, timeZone } = this.parts;
    return this.change(task, [], async (current, _tell, within) => {
      if (current.state !== 'open') return err(closed(current));
      const { timeZone: zone, ...assigned } = await making.assignee(to, current.accountId, within);
      const due = dueAt === null ? current.dueAt : dueInZone(dueAt, zone ?? timeZone);
      const at = clock.now();
      const late = due !== null && due <= at;
      const after: Task = {
        ...current,
        role: assigned.role,
        memberId: assigned.memberId,
        dueAt: due,
        changedAt: at,
        overdueAt: late ? current.overdueAt : null,
      };
      await book.save([after], within);
      await making.tell([after], { reassigned: true }, within);
      await this.audit(after, 'task.assigned', actor, within);
      return ok(after);
    });
  }

  /** The task as it stands under the lock. What came before (the same completion again) locks nothing and changes nothing. */
  private change(
    { accountId, taskId }: Task,
    items: readonly IncomingItem[],
    work: (current: Task, tell: TellItems, within: Transaction) => Changed,
  ): Changed {
    const { transactions, locks, ingest, book } = this.parts;
    const within = async (tell: TellItems, transaction: Transaction): Changed => {
      const current = await book.find(taskId, transaction);
      if (!current) throw new Error(`Task ${taskId} is gone`);
      return work(current, tell, transaction);
    };
    if (items.length > 0)
      return ingest.together(items, { origin: 'live', recordedBy: 'tasks', publicKey: false }, within);
    return transactions.run(async (transaction) => {
      await locks.lock([accountId], transaction);
      return within(async (): Promise<readonly AccountEvent[]> => [], transaction);
    });
  }

  private async end(
    task: Task,
    state: 'completed' | 'cancelled',
    note: string | null,
    actor: TaskActor,
    within: Transaction,
  ): Promise<Task> {
    const { book, promises, locks, clock } = this.parts;
    const at = clock.now();
    const ended: Task = { ...task, state, note, changedAt: at, endedAt: at, endedBy: actor.name };
    await book.save([ended], within);
    await promises.closeThreads([ended], within);
    await locks.raisePolicyEpoch([task.accountId], within);
    await this.audit(ended, `task.${state}`, actor, within);
    return ended;
  }

  private audit(task: Task, action: string, actor: TaskActor, within: Transaction): Promise<void> {
    const { taskId, accountId, kind, role, memberId } = task;
    const detail = { accountId, kind, role, memberId };
    return this.parts.audit.record(
      [{ actor: actor.name, action, subjectKind: 'task', subjectId: taskId, detail }],
      within,
    );
  }
}

const closed = ({ state, note }: Task): TaskRefused => ({ code: 'closed', state, note });

/** What the log is told when a task is done. The ids are the task's own: a repetition is known as one. */
function eventsOf(task: Task, { answers, note }: Completion, actor: TaskActor, at: Date): IncomingItem[] {
  const { taskId, accountId, contactId, topics } = task;
  const common = {
    kind: 'event' as const,
    source: 'tasks',
    occurredAt: at,
    accountId: accountId as string,
    ...(contactId === null ? {} : { contactId: contactId as string }),
    ...(actor.memberId === null ? {} : { memberId: actor.memberId as string }),
  };
  const items: IncomingItem[] = answers.map(({ topic, text }, place) => ({
    ...common,
    messageId: `${taskId}:answer:${place}`,
    name: QUESTION_ANSWERED,
    properties: { topic, taskId, ...(text === null ? {} : { text }) },
  }));
  if (task.kind !== 'promise') return items;
  return [
    ...items,
    {
      ...common,
      messageId: `${taskId}:kept`,
      name: PROMISE_KEPT,
      // a thread of its own: the follow-up ends with the last of its tasks, not with the first
      properties: {
        taskId,
        what: task.about,
        topics,
        conversationId: taskId,
        ...(note === null ? {} : { note }),
      },
    },
  ];
}
