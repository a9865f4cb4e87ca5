import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../access/index.js';
import { Accounts, Catalogues } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { ConsentLedger } from '../consent/index.js';
import { ContactRules } from '../contact-policy/index.js';
import { EventLog, ThreadLog, TouchLog } from '../events/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import { SuggestionBook, TaskBook } from '../suggestions/index.js';
import { assembled } from './assembled.js';
import { AccountLocks } from './account-locks.js';
import { AlertConcerns } from './alert-concerns.js';
import { IngestEvents } from './ingest-events.js';
import { ReadTimeline } from './timeline.js';
import { PostgresTimelineRows } from './timeline-rows.postgres.js';
import { RecordConsent } from './record-consent.js';
import { PostgresVisitAnswers } from './record-visit-answers.postgres.js';
import { RecordVisit } from './record-visit.js';
import { RespondToSuggestion } from './respond-to-suggestion.js';
import { ChangeTasks } from './task-changes.js';
import { CreateTask } from './task-create.js';
import { TaskHistory } from './task-history.js';
import { MakeTasks } from './task-making.js';
import { OverdueTasks } from './task-overdue.js';
import { TaskPeople } from './task-people.js';
import { FollowPromises } from './task-promises.js';

const recordVisit: FactoryProvider<RecordVisit> = {
  provide: RecordVisit,
  inject: [
    IngestEvents,
    RecordConsent,
    RespondToSuggestion,
    MakeTasks,
    TaskBook,
    DataSource,
    SuggestionBook,
    Accounts,
    TaskPeople,
    Catalogues,
    AuditTrail,
    Clock,
    Ids,
  ],
  useFactory: (
    ingest: IngestEvents,
    consents: RecordConsent,
    respond: RespondToSuggestion,
    making: MakeTasks,
    tasks: TaskBook,
    database: DataSource,
    suggestions: SuggestionBook,
    accounts: Accounts,
    people: TaskPeople,
    catalogues: Catalogues,
    audit: AuditTrail,
    clock: Clock,
    ids: Ids,
  ) =>
    new RecordVisit({
      ingest,
      consents,
      respond,
      making,
      tasks,
      answers: new PostgresVisitAnswers(database),
      suggestions,
      accounts,
      people,
      catalogues,
      audit,
      clock,
      ids,
    }),
};

const createTask: FactoryProvider<CreateTask> = assembled(CreateTask, {
  transactions: Transactions,
  locks: AccountLocks,
  accounts: Accounts,
  people: TaskPeople,
  suggestions: SuggestionBook,
  making: MakeTasks,
  clock: Clock,
});

const changeTasks: FactoryProvider<ChangeTasks> = {
  provide: ChangeTasks,
  inject: [
    Transactions,
    AccountLocks,
    IngestEvents,
    TaskBook,
    MakeTasks,
    FollowPromises,
    RespondToSuggestion,
    AuditTrail,
    Clock,
    CONFIG,
  ],
  useFactory: (
    transactions: Transactions,
    locks: AccountLocks,
    ingest: IngestEvents,
    book: TaskBook,
    making: MakeTasks,
    promises: FollowPromises,
    respond: RespondToSuggestion,
    audit: AuditTrail,
    clock: Clock,
    { timeZone }: Config,
  ) =>
    new ChangeTasks({ transactions, locks, ingest, book, making, promises, respond, audit, clock, timeZone }),
};

const taskHistory: FactoryProvider<TaskHistory> = assembled(TaskHistory, {
  touches: TouchLog,
  events: EventLog,
  threads: ThreadLog,
  consents: ConsentLedger,
  tasks: TaskBook,
  rules: ContactRules,
  clock: Clock,
});

const overdueTasks: FactoryProvider<OverdueTasks> = assembled(OverdueTasks, {
  transactions: Transactions,
  locks: AccountLocks,
  book: TaskBook,
  concerns: AlertConcerns,
  clock: Clock,
});

const readTimeline: FactoryProvider<ReadTimeline> = {
  provide: ReadTimeline,
  inject: [DataSource, EventLog, ContactRules, Catalogues],
  useFactory: (database: DataSource, events: EventLog, rules: ContactRules, catalogues: Catalogues) =>
    new ReadTimeline({ rows: new PostgresTimelineRows(database), events, rules, catalogues }),
};

/** Visits, tasks and the history that they make; part of `WorkflowsModule`, whose other workflows they use. */
export const visitProviders = [recordVisit, createTask, changeTasks, taskHistory, overdueTasks, readTimeline];
export const visitWorkflows = [RecordVisit, CreateTask, ChangeTasks, TaskHistory, OverdueTasks, ReadTimeline];
