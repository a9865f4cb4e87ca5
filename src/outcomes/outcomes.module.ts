import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OutcomeLog } from './outcome.js';
import { PostgresOutcomeLog } from './outcome-log.postgres.js';
import { OutcomeInbox, TrialBook } from './trial-book.js';
import { PostgresOutcomeInbox, PostgresTrialBook } from './trial-book.postgres.js';

@Module({
  providers: [
    {
      provide: OutcomeLog,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresOutcomeLog(database),
    },
    {
      provide: OutcomeInbox,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresOutcomeInbox(database),
    },
    {
      provide: TrialBook,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresTrialBook(database),
    },
  ],
  exports: [OutcomeLog, OutcomeInbox, TrialBook],
})
export class OutcomesModule {}
