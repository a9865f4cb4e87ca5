import type { MemberId, Role } from '../catalogue/index.js';
import { type Clock, err, ok, type Result, type Transaction, type Transactions } from '../shared/index.js';
import {
  type Responses,
  type ReviewVerdict,
  type Suggestion,
  type SuggestionResponse,
  type TaskBook,
  type TaskId,
} from '../suggestions/index.js';
import type { DecisionGate } from './decision-gate.js';
import type { MakeTasks } from './task-making.js';

export interface ReviewParts {
  transactions: Transactions;
  gate: DecisionGate;
  responses: Responses;
  tasks: TaskBook;
  make: MakeTasks;
  clock: Clock;
}

/**
 * Reviews of what somebody called not compliant: a task for compliance, and while it is open the action is not suggested
 * to the account. Accounts are locked by whoever calls inside a transaction.
 */
export class ReviewActions {
  constructor(private readonly parts: ReviewParts) {}

  async open(
    suggestion: Suggestion,
    { memberId, note }: SuggestionResponse,
    role: Role,
    within: Transaction,
  ): Promise<TaskId> {
    const about = `Review whether "${suggestion.actionName}" is compliant for this account`;
    const [task] = await this.parts.make.within(
      [
        {
          accountId: suggestion.accountId,
          contactId: suggestion.contactId,
          kind: 'follow-up',
          to: { role },
          about: note ? `${about}: ${note}` : `${about}.`,
          topics: suggestion.topics,
          dueAt: null,
          suggestionId: suggestion.suggestionId,
          eventId: null,
          conversationId: null,
        },
      ],
      memberId ?? 'system',
      within,
    );
    if (!task) throw new Error('One task was asked for');
    return task.taskId;
  }

  /** What was called not compliant was not meant: nobody need look at it. */
  cancel(taskId: string, by: MemberId | null, at: Date, within: Transaction): Promise<void> {
    return this.end(taskId as TaskId, 'cancelled', { by, at, note: 'It was taken back.' }, within);
  }

  /** Says whether the action is allowed for the account after all; an error when no review of it is open. */
  conclude(
    { accountId, suggestionId }: Suggestion,
    { verdict, note, by }: { verdict: ReviewVerdict; note: string | null; by: MemberId | null },
  ): Promise<Result<{ concludedAt: Date }, 'nothing-open'>> {
    const { transactions, gate, responses, tasks, clock } = this.parts;
    return transactions.run(async (within) => {
      await gate.lock([accountId], within);
      const at = clock.now();
      const concluded = await responses.review({ accountId, suggestionId }, { verdict, by, at }, within);
      if (concluded === 0) return err('nothing-open' as const);
      for (const task of await tasks.openOf([accountId], within)) {
        if (task.suggestionId === suggestionId && task.role === 'compliance')
          await this.end(task.taskId, 'completed', { by, at, note: note ?? verdict }, within);
      }
      await gate.raisePolicyEpoch([accountId], within);
      return ok({ concludedAt: at });
    });
  }

  private async end(
    taskId: TaskId,
    state: 'completed' | 'cancelled',
    { by, at, note }: { by: MemberId | null; at: Date; note: string },
    within: Transaction,
  ): Promise<void> {
    const { tasks } = this.parts;
    const task = await tasks.find(taskId, within);
    if (task?.state !== 'open') return;
    await tasks.save([{ ...task, state, changedAt: at, endedAt: at, endedBy: by ?? 'system', note }], within);
  }
}
