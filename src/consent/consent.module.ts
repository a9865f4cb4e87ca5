import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConsentLedger } from './consent.js';
import { PostgresConsentLedger } from './consent-ledger.postgres.js';

@Module({
  providers: [
    {
      provide: ConsentLedger,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresConsentLedger(database),
    },
  ],
  exports: [ConsentLedger],
})
export class ConsentModule {}
