import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventLog } from './event.js';
import { PostgresEventLog } from './event-log.postgres.js';
import { IdentityStore } from './identity/identity-store.js';
import { PostgresIdentityStore } from './identity/identity-store.postgres.js';
import { TraitStore } from './identity/traits.js';
import { PostgresTraitStore } from './identity/traits.postgres.js';
import { EventLedger } from './ledger.js';
import { PostgresEventLedger } from './ledger.postgres.js';
import { Quarantine } from './quarantine/quarantine.js';
import { PostgresQuarantine } from './quarantine/quarantine.postgres.js';
import { ThreadLog } from './threads/thread-log.js';
import { PostgresThreadLog } from './threads/thread-log.postgres.js';
import { Tellings } from './tellings.js';
import { PostgresTellings } from './tellings.postgres.js';
import { TouchLog } from './touches/touch-log.js';
import { PostgresTouchLog } from './touches/touch-log.postgres.js';
import { TouchPlans } from './touches/touch-plans.js';
import { PostgresTouchPlans } from './touches/touch-plans.postgres.js';

@Module({
  providers: [
    {
      provide: EventLog,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresEventLog(database),
    },
    {
      provide: EventLedger,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresEventLedger(database),
    },
    {
      provide: TouchLog,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresTouchLog(database),
    },
    {
      provide: TouchPlans,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresTouchPlans(database),
    },
    {
      provide: ThreadLog,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresThreadLog(database),
    },
    {
      provide: Quarantine,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresQuarantine(database),
    },
    {
      provide: Tellings,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresTellings(database),
    },
    { provide: IdentityStore, useFactory: () => new PostgresIdentityStore() },
    { provide: TraitStore, useFactory: () => new PostgresTraitStore() },
  ],
  exports: [
    Tellings,
    EventLog,
    EventLedger,
    TouchLog,
    TouchPlans,
    ThreadLog,
    Quarantine,
    IdentityStore,
    TraitStore,
  ],
})
export class EventsModule {}
