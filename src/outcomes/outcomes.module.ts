import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OutcomeLog } from './outcome.js';
import { PostgresOutcomeLog } from './outcome-log.postgres.js';

@Module({
  providers: [
    {
      provide: OutcomeLog,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresOutcomeLog(database),
    },
  ],
  exports: [OutcomeLog],
})
export class OutcomesModule {}
