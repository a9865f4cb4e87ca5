import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import type { MemberId, Role } from '../../catalogue/index.js';
import { type Config, CONFIG } from '../../config.js';
import { Clock, type FieldProblem, type Result } from '../../shared/index.js';
import {
  type AccountBrief,
  isOver,
  type NewTask,
  type Task,
  TaskBook,
  type TaskId,
  type TaskQuery,
  type TaskRefused,
} from '../../suggestions/index.js';
import {
  ChangeTasks,
  CreateTask,
  type Reader,
  type TaskActor,
  TaskHistory,
  TaskPeople,
} from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { conflict, forbidden, invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { readDue } from './due-field.js';
import { AssignmentBody, CancellationBody, CompletionBody, TaskBody, TasksQuery } from './task.dto.js';
import { afterFrom, mayChange, taskCursor } from './task-access.js';
import { type TaskView, taskView } from './task-view.js';

@ApiTags('tasks')
@Controller('api/v1/tasks')
export class TasksController {
  constructor(
    private readonly book: TaskBook,
    private readonly create: CreateTask,
    private readonly change: ChangeTasks,
    private readonly histories: TaskHistory,
    private readonly people: TaskPeople,
    private readonly access: AccountAccess,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @RequireScopes('feedback')
  @ApiOperation({ summary: 'Ask a colleague, or whoever has a role, to do something for an account.' })
  async post(@Body() body: TaskBody, @CurrentCaller() caller: Caller): Promise<TaskView> {
    await this.access.ensureSees(caller, body.accountId);
    const { dueAt, problems } = readDue(body.dueAt, '/dueAt');
    if (problems.length > 0) throw invalidFields(problems);
    const { kind, accountId, about, topics = [] } = body;
    const asked = {
      kind,
      accountId,
      about,
      topics,
      dueAt,
      contactId: body.contactId ?? null,
      role: body.role ?? null,
      memberId: body.memberId ?? null,
      suggestionId: body.suggestionId ?? null,
    };
    const made = await this.create.run(asked, nameOf(caller));
    if (made.ok) return this.shown(made.value, caller);
    const { unknown, problems: wrong } = made.error;
    throw unknown ? unknownId(unknown.kind, unknown.id) : invalidFields(wrong);
  }

  @Get()
  @RequireScopes('read')
  @ApiOperation({ summary: 'Tasks, the earliest due first.' })
  async list(@Query() query: TasksQuery, @CurrentCaller() caller: Caller): Promise<Page<TaskView>> {
    const { cursor, limit, memberId, overdue, ...filters } = query;
    if (filters.accountId !== undefined) await this.access.ensureSees(caller, filters.accountId);
    const after = afterFrom(readCursor(cursor));
    const asked: TaskQuery = { ...filters, limit };
    if (memberId !== undefined) asked.of = { memberId, role: await this.roleOf(memberId) };
    const seenBy = this.access.limitedTo(caller);
    if (seenBy !== null) asked.seenBy = { memberId: seenBy, role: caller.role as Role };
    if (overdue === true) asked.overdueAt = this.clock.now();
    if (after) asked.after = after;
    const found = await this.book.page(asked);
    const shown = await this.histories.shownTo(found, readerOf(caller));
    const zones = await this.zonesOf(shown);
    return pageOf(shown, limit, taskCursor, (task) => taskView(task, zones(task), this.clock.now()));
  }

  @Get(':taskId')
  @RequireScopes('read')
  @ApiOperation({ summary: 'A task with the account’s history in short.' })
  async get(
    @Param('taskId') taskId: TaskId,
    @CurrentCaller() caller: Caller,
  ): Promise<TaskView & { history: AccountBrief }> {
    const task = await this.visible(taskId, caller);
    const history = await this.histories.of(task.accountId, readerOf(caller));
    return { ...(await this.shown(task, caller)), history };
  }

  @Post(':taskId/completions')
  @RequireScopes('feedback')
  @ApiOperation({ summary: 'Say that it is done; a promise is kept by it.' })
  async complete(
    @Param('taskId') taskId: TaskId,
    @Body() { note, answers = [] }: CompletionBody,
    @CurrentCaller() caller: Caller,
  ): Promise<TaskView> {
    const task = await this.changeable(taskId, caller);
    const completion = {
      note: note ?? null,
      answers: answers.map(({ topic, text }) => ({ topic, text: text ?? null })),
    };
    return this.changed(await this.change.complete(task, completion, actorOf(caller)), caller);
  }

  @Post(':taskId/assignments')
  @RequireScopes('feedback')
  @ApiOperation({ summary: 'Give it to another member, or to whoever has a role.' })
  async assign(
    @Param('taskId') taskId: TaskId,
    @Body() body: AssignmentBody,
    @CurrentCaller() caller: Caller,
  ): Promise<TaskView> {
    const task = await this.changeable(taskId, caller);
    const { dueAt, problems } = readDue(body.dueAt, '/dueAt');
    const wrong = [...problems, ...recipientProblems(body)];
    if (dueAt !== null && isOver(dueAt, this.clock.now()))
      wrong.push({ pointer: '/dueAt', detail: 'must be later than now' });
    if (wrong.length > 0) throw invalidFields(wrong);
    if (body.memberId) await this.roleOf(body.memberId);
    const to: NewTask['to'] = body.memberId
      ? { memberId: body.memberId }
      : { role: body.role ?? 'account-manager' };
    return this.changed(await this.change.assign(task, to, dueAt, actorOf(caller)), caller);
  }

  @Post(':taskId/cancellations')
  @RequireScopes('feedback')
  @HttpCode(201)
  @ApiOperation({ summary: 'Say that it is not to be done after all, and why.' })
  async cancel(
    @Param('taskId') taskId: TaskId,
    @Body() { reason }: CancellationBody,
    @CurrentCaller() caller: Caller,
  ): Promise<TaskView> {
    const task = await this.changeable(taskId, caller);
    return this.changed(await this.change.cancel(task, reason, actorOf(caller)), caller);
  }

  /** 404 for what the caller may not see: that it exists is not told either. */
  private async visible(taskId: TaskId, caller: Caller): Promise<Task> {
    const task = await this.book.find(taskId);
    if (task && mayChange(task, caller, this.access.limitedTo(caller))) return task;
    return this.access.found(caller, { kind: 'task', id: taskId }, task, ({ accountId }) => accountId);
  }

  private async changeable(taskId: TaskId, caller: Caller): Promise<Task> {
    const task = await this.visible(taskId, caller);
    if (mayChange(task, caller, this.access.limitedTo(caller))) return task;
    throw forbidden(
      'This task is a colleague’s: only she, whoever made it and a sales manager may change it.',
    );
  }

  private async changed(result: Result<Task, TaskRefused>, caller: Caller): Promise<TaskView> {
    if (result.ok) return this.shown(result.value, caller);
    throw conflict(`The task is ${result.error.state} already and is not changed any more.`);
  }

  private async shown(task: Task, caller: Caller): Promise<TaskView> {
    const [shown = task] = await this.histories.shownTo([task], readerOf(caller));
    const zones = await this.zonesOf([shown]);
    return taskView(shown, zones(shown), this.clock.now());
  }

  private async zonesOf(tasks: readonly Task[]): Promise<(task: Task) => string> {
    const people = await this.people.members([...new Set(tasks.flatMap(({ memberId }) => memberId ?? []))]);
    return ({ memberId }) =>
      (memberId === null ? null : people.get(memberId)?.timeZone) ?? this.config.timeZone;
  }

  private async roleOf(memberId: MemberId): Promise<Role> {
    const member = (await this.people.members([memberId])).get(memberId);
    if (!member) throw unknownId('team member', memberId);
    return member.role;
  }
}

function recipientProblems({ role, memberId }: AssignmentBody): FieldProblem[] {
  if (role && memberId)
    return [{ pointer: '/memberId', detail: 'and role exclude each other: name one of them' }];
  if (!role && !memberId) return [{ pointer: '/role', detail: 'is needed, or memberId: who is to do it?' }];
  return [];
}

const nameOf = (caller: Caller): string => caller.memberId ?? caller.keyId;

const readerOf = (caller: Caller): Reader => ({
  role: caller.memberId === null ? null : (caller.role as Role | null),
  memberId: caller.memberId,
});

const actorOf = (caller: Caller): TaskActor => ({
  name: nameOf(caller),
  memberId: caller.memberId as MemberId | null,
  source: caller.source,
});
