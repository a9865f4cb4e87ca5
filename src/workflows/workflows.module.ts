import { Module } from '@nestjs/common';
import { AccessModule, AuditTrail } from '../access/index.js';
import { Accounts, CatalogueModule, Catalogues } from '../catalogue/index.js';
import { ConsentLedger, ConsentModule } from '../consent/index.js';
import { ContactPolicyModule, ContactRuleBook } from '../contact-policy/index.js';
import { EventsModule, TouchLog } from '../events/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import { StandingSuggestions, SuggestionsModule } from '../suggestions/index.js';
import { AccountLocks } from './account-locks.js';
import { PostgresAccountLocks } from './account-locks.postgres.js';
import { EditContactRules } from './edit-contact-rules.js';
import { RecordConsent } from './record-consent.js';

/** Until the folder of suggestions provides its store nothing stands. */
const noneStanding: StandingSuggestions = { of: async () => [], close: async () => undefined };

@Module({
  imports: [
    AccessModule,
    CatalogueModule,
    ConsentModule,
    ContactPolicyModule,
    EventsModule,
    SuggestionsModule,
  ],
  providers: [
    { provide: AccountLocks, useClass: PostgresAccountLocks },
    {
      provide: RecordConsent,
      inject: [
        Transactions,
        AccountLocks,
        Accounts,
        Catalogues,
        ConsentLedger,
        { token: StandingSuggestions, optional: true },
        TouchLog,
        AuditTrail,
        Clock,
        Ids,
      ],
      useFactory: (
        transactions: Transactions,
        locks: AccountLocks,
        accounts: Accounts,
        catalogues: Catalogues,
        ledger: ConsentLedger,
        suggestions: StandingSuggestions = noneStanding,
        touches: TouchLog,
        audit: AuditTrail,
        clock: Clock,
        ids: Ids,
      ) =>
        new RecordConsent({
          transactions,
          locks,
          accounts,
          catalogues,
          ledger,
          suggestions,
          touches,
          audit,
          clock,
          ids,
        }),
    },
    {
      provide: EditContactRules,
      inject: [Transactions, ContactRuleBook, AuditTrail],
      useFactory: (transactions: Transactions, book: ContactRuleBook, audit: AuditTrail) =>
        new EditContactRules(transactions, book, audit),
    },
  ],
  exports: [AccountLocks, EditContactRules, RecordConsent],
})
export class WorkflowsModule {}
