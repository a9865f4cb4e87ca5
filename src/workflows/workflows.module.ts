import { Module } from '@nestjs/common';
import { AccessModule, AuditTrail } from '../access/index.js';
import { Accounts, CatalogueModule, Catalogues } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { ConsentLedger, ConsentModule } from '../consent/index.js';
import { ContactPolicyModule, ContactRuleBook } from '../contact-policy/index.js';
import { DeliveryModule, Outbox } from '../delivery/index.js';
import { EventsModule, TouchLog, TouchPlans } from '../events/index.js';
import { FeaturesModule, FeatureStore } from '../features/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import { StandingSuggestions, SuggestionsModule } from '../suggestions/index.js';
import { assembled } from './assembled.js';
import { AlertWorkflowsModule, TriggerCheckModule } from './alert.module.js';
import { AccountLocks } from './account-locks.js';
import { AccountLocksModule } from './account-locks.module.js';
import { DoublesModule } from './doubles.module.js';
import { DryRunContactRules } from './dry-run-contact-rules.js';
import { CatalogueTrailModule } from './catalogue-trail.module.js';
import { EditContactRules } from './edit-contact-rules.js';
import { ContactMovesModule, ingestEventsProvider, receiveEventsProvider } from './ingest-events.module.js';
import { ReceiveEvents } from './ingest-events-receive.js';
import { IngestEvents } from './ingest-events.js';
import { RebuildAccount } from './rebuild-account.js';
import { IncrementalModule } from './incremental.module.js';
import { LearningWorkflowsModule } from './learning-workflows.module.js';
import { RecordConsent } from './record-consent.js';
import { InsightWorkflowsModule } from './insights.module.js';
import { EraseContactModule } from './erase-contact.module.js';
import { RescoringWorkflowsModule } from './rescoring-workflows.module.js';
import { CloseSuggestions } from './close-suggestions.js';
import { ShadowModule } from './shadow.module.js';
import { SuggestionWorkflowsModule } from './suggestion-workflows.module.js';
import { TouchCheckModule } from './touch-check.module.js';
import { digestProviders, digestWorkflows } from './digests.module.js';
import { preferenceProviders, preferenceWorkflows } from './preferences.module.js';
import { touchProviders, touchWorkflows } from './touch-workflows.module.js';
import { PushCheckModule } from './push-check.module.js';
import { TaskMakingModule } from './task-making.module.js';
import { visitProviders, visitWorkflows } from './visit-workflows.module.js';
import { WebhooksTrailModule } from './webhooks-trail.module.js';

@Module({
  imports: [
    AccountLocksModule,
    AccessModule,
    CatalogueModule,
    CatalogueTrailModule,
    ConsentModule,
    ContactPolicyModule,
    EventsModule,
    SuggestionsModule,
    ContactMovesModule,
    FeaturesModule,
    DoublesModule,
    IncrementalModule,
    LearningWorkflowsModule,
    SuggestionWorkflowsModule,
    InsightWorkflowsModule,
    RescoringWorkflowsModule,
    ShadowModule,
    TriggerCheckModule,
    AlertWorkflowsModule,
    WebhooksTrailModule,
    PushCheckModule,
    DeliveryModule,
    TouchCheckModule,
    TaskMakingModule,
    EraseContactModule,
  ],
  providers: [
    ...visitProviders,
    ...touchProviders,
    ...preferenceProviders,
    ...digestProviders,
    ingestEventsProvider,
    receiveEventsProvider,
    {
      provide: RebuildAccount,
      inject: [Transactions, FeatureStore],
      useFactory: (transactions: Transactions, features: FeatureStore) =>
        new RebuildAccount(transactions, features),
    },
    assembled(RecordConsent, {
      transactions: Transactions,
      locks: AccountLocks,
      accounts: Accounts,
      catalogues: Catalogues,
      ledger: ConsentLedger,
      suggestions: StandingSuggestions,
      close: CloseSuggestions,
      touches: TouchLog,
      plans: TouchPlans,
      outbox: Outbox,
      audit: AuditTrail,
      clock: Clock,
      ids: Ids,
    }),
    {
      provide: DryRunContactRules,
      inject: [Accounts, Catalogues, TouchLog, CONFIG],
      useFactory: (accounts: Accounts, catalogues: Catalogues, touches: TouchLog, config: Config) =>
        new DryRunContactRules(accounts, catalogues, touches, config.timeZone),
    },
    {
      provide: EditContactRules,
      inject: [Transactions, ContactRuleBook, AuditTrail],
      useFactory: (transactions: Transactions, book: ContactRuleBook, audit: AuditTrail) =>
        new EditContactRules(transactions, book, audit),
    },
  ],
  exports: [
    ...visitWorkflows,
    TaskMakingModule,
    ...touchWorkflows,
    ...preferenceWorkflows,
    ...digestWorkflows,
    AccountLocksModule,
    EraseContactModule,
    IngestEvents,
    ReceiveEvents,
    DryRunContactRules,
    EditContactRules,
    RebuildAccount,
    RecordConsent,
    DoublesModule,
    IncrementalModule,
    LearningWorkflowsModule,
    SuggestionWorkflowsModule,
    InsightWorkflowsModule,
    RescoringWorkflowsModule,
    ShadowModule,
    AlertWorkflowsModule,
  ],
})
export class WorkflowsModule {}
