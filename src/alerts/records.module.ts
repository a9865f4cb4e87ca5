import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AlertRecords } from './records.js';
import { PostgresAlertRecords } from './records.postgres.js';

/** By itself: whoever moves contacts is needed by the catalogue, which alerts need. */
@Module({
  providers: [
    {
      provide: AlertRecords,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresAlertRecords(database),
    },
  ],
  exports: [AlertRecords],
})
export class AlertRecordsModule {}
