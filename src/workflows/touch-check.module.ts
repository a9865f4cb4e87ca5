import { Global, Module } from '@nestjs/common';
import { AttemptCheck, DeliveryModule, Outbox } from '../delivery/index.js';
import { EventsModule, TouchPlans } from '../events/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import { StandingSuggestions, SuggestionsModule } from '../suggestions/index.js';
import { PostgresAccountLocks } from './account-locks.postgres.js';
import { TouchStillWanted } from './begin-touch-again.js';
import { CloseSuggestions } from './close-suggestions.js';
import { DecideModule } from './decide.module.js';
import { Situations } from './situations.js';

/** What is asked before each webhook that asks for a touch: filled here for the delivery, which declares it. */
@Global()
@Module({
  imports: [DecideModule, DeliveryModule, EventsModule, SuggestionsModule],
  providers: [
    {
      provide: AttemptCheck,
      inject: [Transactions, Situations, TouchPlans, StandingSuggestions, Outbox, Clock, Ids],
      useFactory: (
        transactions: Transactions,
        situations: Situations,
        plans: TouchPlans,
        standing: StandingSuggestions,
        outbox: Outbox,
        clock: Clock,
        ids: Ids,
      ) =>
        new TouchStillWanted({
          transactions,
          locks: new PostgresAccountLocks(),
          situations,
          plans,
          close: new CloseSuggestions({ standing, outbox, ids }),
          outbox,
          clock,
          ids,
        }),
    },
  ],
  exports: [AttemptCheck],
})
export class TouchCheckModule {}
