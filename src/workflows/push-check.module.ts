import { Global, Module } from '@nestjs/common';
import { AlertBook, AlertPeople, alertSettings, AlertsModule } from '../alerts/index.js';
import { ContactPolicyModule, ContactRules } from '../contact-policy/index.js';
import { PushCheck } from '../delivery/index.js';
import { SuggestionsModule, TaskBook } from '../suggestions/index.js';
import { RingIfWanted } from './push-check.js';

/** What is asked before a device rings: filled here for the delivery, which declares it. */
@Global()
@Module({
  imports: [AlertsModule, ContactPolicyModule, SuggestionsModule],
  providers: [
    {
      provide: PushCheck,
      inject: [AlertBook, TaskBook, AlertPeople, ContactRules],
      useFactory: (alerts: AlertBook, tasks: TaskBook, people: AlertPeople, rules: ContactRules) =>
        new RingIfWanted({ alerts, tasks, people, rules, settings: alertSettings }),
    },
  ],
  exports: [PushCheck],
})
export class PushCheckModule {}
