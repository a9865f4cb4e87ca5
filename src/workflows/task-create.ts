import type { AccountId, Accounts, ContactId, MemberId, Role } from '../catalogue/index.js';
import type { SuggestionId } from '../recommender/index.js';
import { type Clock, err, type FieldProblem, ok, type Result, type Transactions } from '../shared/index.js';
import { type DueAt, isOver, type SuggestionBook, type Task, type TaskKind } from '../suggestions/index.js';
import type { AccountLocks } from './account-locks.js';
import type { MakeTasks } from './task-making.js';
import type { TaskPeople } from './task-people.js';

/** A task as a caller asks for it. */
export interface AskedTask {
  kind: TaskKind;
  accountId: AccountId;
  contactId: ContactId | null;
  role: Role | null;
  memberId: MemberId | null;
  about: string;
  topics: string[];
  dueAt: DueAt | null;
  suggestionId: SuggestionId | null;
}

/** Why a task was not made; `unknown` names an id that nothing has. */
export interface TaskNotMade {
  unknown: { kind: 'account' | 'contact' | 'team member' | 'suggestion'; id: string } | null;
  problems: FieldProblem[];
}

export interface CreateTaskParts {
  transactions: Transactions;
  locks: AccountLocks;
  accounts: Accounts;
  people: TaskPeople;
  suggestions: SuggestionBook;
  making: MakeTasks;
  clock: Clock;
}

/** Makes one task that somebody asks for. */
export class CreateTask {
  constructor(private readonly parts: CreateTaskParts) {}

  async run(asked: AskedTask, actor: string): Promise<Result<Task, TaskNotMade>> {
    const refused = (await this.unknown(asked)) ?? problemsOf(asked, this.parts.clock.now());
    if (refused) return err(refused);
    const { role, memberId, ...said } = asked;
    const to = memberId === null ? { role: role ?? 'account-manager' } : { memberId };
    const given = { ...said, to, eventId: null, conversationId: null };
    const [task] = await this.parts.transactions.run(async (within) => {
      await this.parts.locks.lock([asked.accountId], within);
      return this.parts.making.within([given], actor, within);
    });
    if (!task) throw new Error('One task asked for makes one task');
    return ok(task);
  }

  private async unknown(asked: AskedTask): Promise<TaskNotMade | undefined> {
    const { accounts, people, suggestions, clock } = this.parts;
    const { accountId, contactId, memberId, suggestionId } = asked;
    const [dossier] = await accounts.dossiers([accountId]);
    if (!dossier) return missing('account', accountId);
    if (contactId !== null && !dossier.contacts.some((contact) => contact.contactId === contactId))
      return missing('contact', contactId);
    if (memberId !== null && !(await people.members([memberId])).has(memberId))
      return missing('team member', memberId);
    if (suggestionId === null) return undefined;
    const suggestion = await suggestions.find(suggestionId, clock.now());
    return suggestion?.accountId === accountId ? undefined : missing('suggestion', suggestionId);
  }
}

function missing(kind: NonNullable<TaskNotMade['unknown']>['kind'], id: string): TaskNotMade {
  return { unknown: { kind, id }, problems: [] };
}

function problemsOf({ role, memberId, dueAt }: AskedTask, at: Date): TaskNotMade | undefined {
  const problems: FieldProblem[] = [];
  if (role === null && memberId === null)
    problems.push({ pointer: '/role', detail: 'is needed, or memberId: who is to do it?' });
  if (role !== null && memberId !== null)
    problems.push({ pointer: '/memberId', detail: 'and role exclude each other: name one of them' });
  if (dueAt !== null && isOver(dueAt, at))
    problems.push({ pointer: '/dueAt', detail: `must be later than now (${at.toISOString()})` });
  return problems.length > 0 ? { unknown: null, problems } : undefined;
}
