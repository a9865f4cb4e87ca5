import { Module } from '@nestjs/common';
import { AccessModule, AuditTrail } from '../access/index.js';
import {
  AlertBook,
  AlertPeople,
  alertSettings,
  AlertsModule,
  Firings,
  TriggerRuleBook,
  TriggerRules,
} from '../alerts/index.js';
import { Accounts, CatalogueModule, Catalogues, KnownFeatures } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { ContactPolicyModule, ContactRules } from '../contact-policy/index.js';
import { DeliveryModule, Outbox } from '../delivery/index.js';
import { EventLog, EventsModule } from '../events/index.js';
import { FeatureSet, FeaturesModule, FeatureStore } from '../features/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import { assembled } from './assembled.js';
import { AlertConcerns } from './alert-concerns.js';
import { EscalateAlerts } from './alert-escalate.js';
import { Decide } from './decide.js';
import { DecideModule } from './decide.module.js';
import { PrepareAlerts } from './raise-alert-prepare.js';
import { RaiseAlert } from './raise-alert.js';
import { CheckTriggers } from './trigger-check.js';
import { DryRunTriggerRule } from './trigger-dry-run.js';
import { EditTriggerRules } from './trigger-rules-edit.js';

/** From events, and from what other workflows tell, to rules that fired. */
@Module({
  imports: [AlertsModule, CatalogueModule, FeaturesModule],
  providers: [
    assembled(CheckTriggers, {
      rules: TriggerRules,
      firings: Firings,
      accounts: Accounts,
      featureSet: FeatureSet,
      features: FeatureStore,
      ids: Ids,
    }),
    assembled(AlertConcerns, { rules: TriggerRules, firings: Firings, ids: Ids }),
  ],
  exports: [CheckTriggers, AlertConcerns, AlertsModule],
})
export class TriggerCheckModule {}

/** From rules that fired to alerts; and the rules themselves. */
@Module({
  imports: [
    AccessModule,
    AlertsModule,
    CatalogueModule,
    ContactPolicyModule,
    DecideModule,
    DeliveryModule,
    EventsModule,
    FeaturesModule,
    TriggerCheckModule,
  ],
  providers: [
    {
      provide: PrepareAlerts,
      inject: [Firings, AlertPeople, Accounts, ContactRules, FeatureSet, FeatureStore, CONFIG],
      useFactory: (
        firings: Firings,
        people: AlertPeople,
        accounts: Accounts,
        contactRules: ContactRules,
        featureSet: FeatureSet,
        features: FeatureStore,
        { timeZone }: Config,
      ) => new PrepareAlerts({ firings, people, accounts, contactRules, featureSet, features, timeZone }),
    },
    {
      provide: RaiseAlert,
      inject: [
        Transactions,
        TriggerRules,
        Firings,
        AlertBook,
        PrepareAlerts,
        Decide,
        Catalogues,
        Outbox,
        Ids,
        CONFIG,
      ],
      useFactory: (
        transactions: Transactions,
        rules: TriggerRules,
        firings: Firings,
        alerts: AlertBook,
        prepare: PrepareAlerts,
        decide: Decide,
        catalogues: Catalogues,
        outbox: Outbox,
        ids: Ids,
        { timeZone }: Config,
      ) =>
        new RaiseAlert({
          transactions,
          rules,
          firings,
          alerts,
          prepare,
          decide,
          catalogues,
          outbox,
          ids,
          settings: alertSettings,
          timeZone,
        }),
    },
    assembled(EscalateAlerts, {
      transactions: Transactions,
      alerts: AlertBook,
      people: AlertPeople,
      contactRules: ContactRules,
      outbox: Outbox,
      ids: Ids,
    }),
    assembled(EditTriggerRules, {
      transactions: Transactions,
      book: TriggerRuleBook,
      catalogues: Catalogues,
      features: KnownFeatures,
      audit: AuditTrail,
      clock: Clock,
    }),
    {
      provide: DryRunTriggerRule,
      inject: [TriggerRules, Accounts, Catalogues, Firings, EventLog, FeatureSet, CONFIG],
      useFactory: (
        rules: TriggerRules,
        accounts: Accounts,
        catalogues: Catalogues,
        firings: Firings,
        log: EventLog,
        featureSet: FeatureSet,
        { timeZone }: Config,
      ) => new DryRunTriggerRule({ rules, accounts, catalogues, firings, log, featureSet, timeZone }),
    },
  ],
  exports: [
    AlertsModule,
    DryRunTriggerRule,
    EditTriggerRules,
    EscalateAlerts,
    RaiseAlert,
    TriggerCheckModule,
  ],
})
export class AlertWorkflowsModule {}
