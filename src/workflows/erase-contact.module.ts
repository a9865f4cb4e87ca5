import { Module } from '@nestjs/common';
import { AccessModule, AuditChain, AuditTrail } from '../access/index.js';
import { DecisionErasure, RecommenderModule } from '../recommender/index.js';
import { Clock, Transactions } from '../shared/index.js';
import { AccountLocks } from './account-locks.js';
import { AccountLocksModule } from './account-locks.module.js';
import { EraseContact } from './erase-contact.js';
import { PostgresPersonalRecords } from './erase-contact.postgres.js';
import { invalidateStates } from './ingest-events.postgres.js';

@Module({
  imports: [AccountLocksModule, AccessModule, RecommenderModule],
  providers: [
    {
      provide: EraseContact,
      inject: [Transactions, AccountLocks, DecisionErasure, AuditChain, AuditTrail, Clock],
      useFactory: (
        transactions: Transactions,
        locks: AccountLocks,
        decisions: DecisionErasure,
        chain: AuditChain,
        audit: AuditTrail,
        clock: Clock,
      ) =>
        new EraseContact({
          transactions,
          locks,
          records: new PostgresPersonalRecords(),
          decisions,
          chain,
          audit,
          invalidate: invalidateStates,
          clock,
        }),
    },
  ],
  exports: [EraseContact],
})
export class EraseContactModule {}
