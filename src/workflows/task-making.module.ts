import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccessModule, AuditTrail } from '../access/index.js';
import { type Config, CONFIG } from '../config.js';
import { DeliveryModule, Outbox } from '../delivery/index.js';
import { EventLog, EventsModule, ThreadLog } from '../events/index.js';
import { Clock, Ids } from '../shared/index.js';
import { SuggestionsModule, TaskBook } from '../suggestions/index.js';
import { assembled } from './assembled.js';
import { MakeTasks } from './task-making.js';
import { TaskPeople } from './task-people.js';
import { PostgresTaskPeople } from './task-people.postgres.js';
import { FollowPromises } from './task-promises.js';

/** Gives tasks to those who do them: for whatever makes one in a transaction of its own. */
@Module({
  imports: [AccessModule, DeliveryModule, EventsModule, SuggestionsModule],
  providers: [
    {
      provide: TaskPeople,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresTaskPeople(database),
    },
    {
      provide: MakeTasks,
      inject: [TaskBook, TaskPeople, Outbox, AuditTrail, Clock, Ids, CONFIG],
      useFactory: (
        book: TaskBook,
        people: TaskPeople,
        outbox: Outbox,
        audit: AuditTrail,
        clock: Clock,
        ids: Ids,
        { timeZone }: Config,
      ) => new MakeTasks({ book, people, outbox, audit, clock, ids, timeZone }),
    },
    assembled(FollowPromises, {
      book: TaskBook,
      making: MakeTasks,
      events: EventLog,
      threads: ThreadLog,
      clock: Clock,
    }),
  ],
  exports: [FollowPromises, MakeTasks, TaskPeople],
})
export class TaskMakingModule {}
