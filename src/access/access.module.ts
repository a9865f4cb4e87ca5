import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, Transactions } from '../shared/index.js';
import { PostgresAuditTrail } from './audit-trail.postgres.js';
import { AuditTrail } from './audit-trail.js';
import { Keys } from './keys.js';
import { PostgresKeys } from './keys.postgres.js';

@Module({
  providers: [
    {
      provide: AuditTrail,
      inject: [DataSource, Clock],
      useFactory: (database: DataSource, clock: Clock) => new PostgresAuditTrail(database, clock),
    },
    {
      provide: Keys,
      inject: [DataSource, Transactions, AuditTrail, Clock],
      useFactory: (...deps: ConstructorParameters<typeof PostgresKeys>) => new PostgresKeys(...deps),
    },
  ],
  exports: [AuditTrail, Keys],
})
export class AccessModule {}
