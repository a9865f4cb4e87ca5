import type { AuditTrail } from '../access/index.js';
import type { MemberId } from '../catalogue/index.js';
import type { Message, Outbox } from '../delivery/index.js';
import type { Clock, Ids, Transaction } from '../shared/index.js';
import {
  addressees,
  assigneeFor,
  type Colleague,
  dueInZone,
  endOfWorkingDay,
  HANDOVER_WORKING_DAYS,
  type NewTask,
  type Task,
  type TaskBook,
  taskData,
  type TaskId,
} from '../suggestions/index.js';
import type { TaskPeople } from './task-people.js';

export interface MakingParts {
  book: TaskBook;
  people: TaskPeople;
  outbox: Outbox;
  audit: AuditTrail;
  clock: Clock;
  ids: Ids;
  /** IANA zone of members without one. */
  timeZone: string;
}

/** Gives tasks to those who do them and tells them so, in the transaction of whoever has locked the accounts. */
export class MakeTasks {
  constructor(private readonly parts: MakingParts) {}

  /** In the order given. A member who is not known any more gives way to the account manager. */
  async within(given: readonly NewTask[], actor: string, within: Transaction): Promise<Task[]> {
    if (given.length === 0) return [];
    const { book, people, clock } = this.parts;
    const accountIds = [...new Set(given.map(({ accountId }) => accountId))];
    const teams = await people.teams(accountIds, within);
    const countries = await people.countries(accountIds, within);
    const named = given.flatMap(({ to }) => ('memberId' in to ? to.memberId : []));
    const members = await people.members(named, within);
    const open = await book.openOf(accountIds, within);
    const at = clock.now();
    const made: Task[] = [];
    for (const one of given) {
      const own = [...open, ...made].filter(({ accountId }) => accountId === one.accountId);
      const to = assigned(one, teams.get(one.accountId) ?? [], members, own);
      made.push(this.taskOf(one, to, countries.get(one.accountId) ?? null, actor, at));
    }
    await book.add(made, within);
    await this.tell(made, {}, within);
    await this.parts.audit.record(
      made.map((task) => ({
        actor,
        action: 'task.created',
        subjectKind: 'task',
        subjectId: task.taskId,
        detail: { kind: task.kind, accountId: task.accountId, role: task.role, memberId: task.memberId },
      })),
      within,
    );
    return made;
  }

  /** Who does what is asked now: a member, or a role that is resolved as at the making. */
  async assignee(to: NewTask['to'], accountId: Task['accountId'], within: Transaction): Promise<Assigned> {
    const { people, book } = this.parts;
    const members =
      'memberId' in to ? await people.members([to.memberId], within) : new Map<MemberId, Colleague>();
    const team = (await people.teams([accountId], within)).get(accountId) ?? [];
    return assigned({ to }, team, members, await book.openOf([accountId], within));
  }

  async tell(
    tasks: readonly Task[],
    more: Readonly<Record<string, unknown>>,
    within: Transaction,
  ): Promise<void> {
    const { people, outbox, ids } = this.parts;
    const messages: Message[] = [];
    for (const task of tasks) {
      const ofRole = task.memberId === null ? await people.withRole(task.role, within) : [];
      messages.push({
        messageId: `msg_${ids.next()}`,
        type: 'task.created',
        occurredAt: task.changedAt,
        accountId: task.accountId,
        memberIds: addressees(task, ofRole),
        data: { ...taskData(task), ...more },
        notAfter: null,
      });
    }
    await outbox.put(messages, within);
  }

  private taskOf(
    given: NewTask,
    { role, memberId, timeZone }: Assigned,
    country: string | null,
    actor: string,
    at: Date,
  ): Task {
    const { to: _, dueAt, ...said } = given;
    const zone = timeZone ?? this.parts.timeZone;
    const end = () =>
      given.kind === 'handover' ? endOfWorkingDay(at, HANDOVER_WORKING_DAYS, zone, country) : null;
    return {
      ...said,
      taskId: `task_${this.parts.ids.next()}` as TaskId,
      state: 'open',
      role,
      memberId,
      dueAt: dueAt === null ? end() : dueInZone(dueAt, zone),
      createdAt: at,
      createdBy: actor,
      changedAt: at,
      endedAt: null,
      endedBy: null,
      note: null,
      overdueAt: null,
    };
  }
}

export interface Assigned extends Pick<Task, 'role' | 'memberId'> {
  timeZone: string | null;
}

function assigned(
  { to }: Pick<NewTask, 'to'>,
  team: readonly Colleague[],
  members: ReadonlyMap<MemberId, Colleague>,
  open: readonly Task[],
): Assigned {
  const role = 'role' in to ? to.role : 'account-manager';
  const known = 'memberId' in to ? members.get(to.memberId) : undefined;
  const colleague = known ?? assigneeFor(role, team, open);
  return colleague ?? { role, memberId: null, timeZone: null };
}
