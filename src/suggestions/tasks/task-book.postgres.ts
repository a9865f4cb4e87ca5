import type { DataSource } from 'typeorm';
import type { AccountId } from '../../catalogue/index.js';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import { TaskBook, type TaskQuery } from './task-book.js';
import type { Task, TaskId } from './task.js';

/** Columns in the order of the table, and the field that each holds. */
const FIELDS = {
  account_id: 'accountId',
  task_id: 'taskId',
  contact_id: 'contactId',
  kind: 'kind',
  state: 'state',
  role: 'role',
  member_id: 'memberId',
  about: 'about',
  topics: 'topics',
  due_at: 'dueAt',
  suggestion_id: 'suggestionId',
  event_id: 'eventId',
  conversation_id: 'conversationId',
  created_at: 'createdAt',
  created_by: 'createdBy',
  changed_at: 'changedAt',
  ended_at: 'endedAt',
  ended_by: 'endedBy',
  note: 'note',
  overdue_at: 'overdueAt',
} as const satisfies Record<string, keyof Task>;

const COLUMNS = Object.keys(FIELDS).join(', ');
const SELECTED = Object.entries(FIELDS)
  .map(([column, field]) => `t.${column} as "${field}"`)
  .join(', ');
const CHANGING = [
  'account_id',
  'state',
  'role',
  'member_id',
  'due_at',
  'changed_at',
  'ended_at',
  'ended_by',
  'note',
  'overdue_at',
];

const rowsOf = (tasks: readonly Task[]): string =>
  JSON.stringify(
    tasks.map((task) =>
      Object.fromEntries(Object.entries(FIELDS).map(([column, field]) => [column, task[field]])),
    ),
  );

export class PostgresTaskBook extends TaskBook {
  constructor(private readonly database: DataSource) {
    super();
  }

  private over(within: Transaction | undefined) {
    return within ? managerOf(within) : this.database;
  }

  async add(tasks: readonly Task[], within: Transaction): Promise<void> {
    if (tasks.length === 0) return;
    await managerOf(within).query(
      `insert into tasks (${COLUMNS}) select ${COLUMNS} from jsonb_populate_recordset(null::tasks, $1::jsonb)`,
      [rowsOf(tasks)],
    );
  }

  async save(tasks: readonly Task[], within: Transaction): Promise<void> {
    if (tasks.length === 0) return;
    await managerOf(within).query(
      `update tasks t set ${CHANGING.map((column) => `${column} = given.${column}`).join(', ')}
         from jsonb_populate_recordset(null::tasks, $1::jsonb) as given
        where t.task_id = given.task_id`,
      [rowsOf(tasks)],
    );
  }

  async find(taskId: TaskId, within?: Transaction): Promise<Task | null> {
    const [task] = await this.over(within).query<Task[]>(
      `select ${SELECTED} from tasks t where t.task_id = $1`,
      [taskId],
    );
    return task ?? null;
  }

  async page(query: TaskQuery): Promise<Task[]> {
    const { text, values } = conditionsOf(query);
    values.push(query.limit + 1);
    return this.database.query<Task[]>(
      `select ${SELECTED} from tasks t ${text}
        order by coalesce(t.due_at, 'infinity'), t.task_id limit $${values.length}`,
      values,
    );
  }

  async openOf(accountIds: readonly AccountId[], within?: Transaction): Promise<Task[]> {
    return this.over(within).query<Task[]>(
      `select ${SELECTED} from tasks t where t.account_id = any($1) and t.state = 'open'
        order by coalesce(t.due_at, 'infinity'), t.task_id`,
      [accountIds],
    );
  }

  async due(at: Date, limit: number): Promise<Pick<Task, 'accountId' | 'taskId'>[]> {
    return this.database.query<Pick<Task, 'accountId' | 'taskId'>[]>(
      `select account_id as "accountId", task_id as "taskId" from tasks
        where state = 'open' and overdue_at is null and due_at <= $1
        order by due_at, task_id limit $2`,
      [at, limit],
    );
  }
}

function conditionsOf(query: TaskQuery): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const done = ({ memberId, role }: { memberId: string; role: string }) => {
    const member = place(memberId);
    return { member, text: `t.member_id = ${member} or (t.member_id is null and t.role = ${place(role)})` };
  };
  if (query.accountId !== undefined) conditions.push(`t.account_id = ${place(query.accountId)}`);
  if (query.state !== undefined) conditions.push(`t.state = ${place(query.state)}`);
  if (query.kind !== undefined) conditions.push(`t.kind = ${place(query.kind)}`);
  if (query.of) conditions.push(`(${done(query.of).text})`);
  if (query.seenBy) {
    const { member, text } = done(query.seenBy);
    conditions.push(`(${text} or exists (select from account_team a
                       where a.account_id = t.account_id and a.member_id = ${member}))`);
  }
  if (query.overdueAt) conditions.push(`t.state = 'open' and t.due_at <= ${place(query.overdueAt)}`);
  if (query.after) {
    conditions.push(
      `(coalesce(t.due_at, 'infinity'), t.task_id) > (coalesce(${place(query.after.dueAt)}::timestamptz, 'infinity'), ${place(query.after.taskId)})`,
    );
  }
  return { text: conditions.length > 0 ? `where ${conditions.join(' and ')}` : '', values };
}
