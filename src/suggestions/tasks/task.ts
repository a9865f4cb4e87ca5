import type { AccountId, ContactId, MemberId, Role } from '../../catalogue/index.js';
import type { EventId } from '../../events/index.js';
import type { SuggestionId } from '../../recommender/index.js';
import type { Id } from '../../shared/index.js';

export type TaskId = Id<'task'>;

export const taskKinds = ['handover', 'follow-up', 'promise'] as const;
export type TaskKind = (typeof taskKinds)[number];

export const taskStates = ['open', 'completed', 'cancelled'] as const;
export type TaskState = (typeof taskStates)[number];

/** What somebody is to do for an account: asked by a colleague, or promised to the customer. */
export interface Task {
  taskId: TaskId;
  accountId: AccountId;
  contactId: ContactId | null;
  kind: TaskKind;
  state: TaskState;
  /** Who is to do it by trade; of a member, the member's own role. */
  role: Role;
  /** Null: open for everybody of the role. */
  memberId: MemberId | null;
  about: string;
  topics: string[];
  /** Null: whenever. */
  dueAt: Date | null;
  suggestionId: SuggestionId | null;
  /** The visit, call or promise that it came from. */
  eventId: EventId | null;
  /** The thread that is held open for it, and closed with the last task that it has. */
  conversationId: string | null;
  createdAt: Date;
  /** Key, member or system that made it. */
  createdBy: string;
  changedAt: Date;
  endedAt: Date | null;
  endedBy: string | null;
  /** What was said when it ended. */
  note: string | null;
  /** When it was noticed that it is late. */
  overdueAt: Date | null;
}

/** What whoever makes a task says of it; the rest follows. */
export interface NewTask {
  accountId: AccountId;
  contactId: ContactId | null;
  kind: TaskKind;
  /** To whoever of the account's team has the role, or to a member. */
  to: { role: Role } | { memberId: MemberId };
  about: string;
  topics: string[];
  dueAt: DueAt | null;
  suggestionId: SuggestionId | null;
  eventId: EventId | null;
  conversationId: string | null;
}

/** An instant, or a day (YYYY-MM-DD): until the end of work of that day where the one who does it is. */
export type DueAt = Date | string;

/** Why a task was not changed. */
export type TaskRefused = { code: 'closed'; state: TaskState; note: string | null };

/** Whether the task is late at a time. */
export function isOverdue({ state, dueAt }: Pick<Task, 'state' | 'dueAt'>, at: Date): boolean {
  return state === 'open' && dueAt !== null && dueAt <= at;
}
