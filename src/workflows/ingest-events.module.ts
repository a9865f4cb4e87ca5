import { type FactoryProvider, Global, Module } from '@nestjs/common';
import { AlertRecords, AlertRecordsModule } from '../alerts/index.js';
import { Accounts, Catalogues, ContactMoves } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { ConsentLedger, ConsentModule } from '../consent/index.js';
import {
  EventLedger,
  EventLog,
  EventsModule,
  IdentityStore,
  Quarantine,
  ThreadLog,
  TouchLog,
  TraitStore,
} from '../events/index.js';
import { FeatureSet, FeatureStore } from '../features/index.js';
import { Clock, Transactions } from '../shared/index.js';
import { StandingSuggestions, SuggestionsModule, TaskBook } from '../suggestions/index.js';
import { CloseContradicted } from './close-contradicted.js';
import { FoldEvents } from './ingest-events-fold.js';
import { FollowContacts } from './ingest-events-follow-contacts.js';
import { Identification } from './ingest-events-identity.js';
import { invalidateStates, PostgresAccountRows } from './ingest-events.postgres.js';
import { IngestEvents } from './ingest-events.js';
import { ReceiveEvents } from './ingest-events-receive.js';
import { NoticeOutcomes } from './learn-notice.js';
import { RecordConsent } from './record-consent.js';
import { FollowPromises } from './task-promises.js';
import { CheckTriggers } from './trigger-check.js';

/** What follows a contact to another account: filled here for the catalogue, which declares it. */
@Global()
@Module({
  imports: [AlertRecordsModule, EventsModule, ConsentModule, SuggestionsModule],
  providers: [
    {
      provide: ContactMoves,
      inject: [IdentityStore, ConsentLedger, StandingSuggestions, TaskBook, AlertRecords, Clock],
      useFactory: (
        identities: IdentityStore,
        consents: ConsentLedger,
        suggestions: StandingSuggestions,
        tasks: TaskBook,
        alerts: AlertRecords,
        clock: Clock,
      ) =>
        new FollowContacts({
          identities,
          consents,
          suggestions,
          tasks,
          alerts,
          clock,
          invalidate: invalidateStates,
        }),
    },
  ],
  exports: [ContactMoves],
})
export class ContactMovesModule {}

export const ingestEventsProvider: FactoryProvider<IngestEvents> = {
  provide: IngestEvents,
  inject: [
    Transactions,
    Clock,
    Catalogues,
    Accounts,
    EventLedger,
    EventLog,
    IdentityStore,
    TraitStore,
    TouchLog,
    ThreadLog,
    ContactMoves,
    FeatureSet,
    FeatureStore,
    RecordConsent,
    ConsentLedger,
    FollowPromises,
    CloseContradicted,
    CheckTriggers,
    NoticeOutcomes,
    CONFIG,
  ],
  useFactory: (
    transactions: Transactions,
    clock: Clock,
    catalogues: Catalogues,
    accounts: Accounts,
    ledger: EventLedger,
    log: EventLog,
    identities: IdentityStore,
    traits: TraitStore,
    touches: TouchLog,
    threads: ThreadLog,
    moves: ContactMoves,
    features: FeatureSet,
    store: FeatureStore,
    consents: RecordConsent,
    consentLedger: ConsentLedger,
    promises: FollowPromises,
    contradicted: CloseContradicted,
    triggers: CheckTriggers,
    notice: NoticeOutcomes,
    { timeZone }: Config,
  ) => {
    const rows = new PostgresAccountRows();
    return new IngestEvents({
      transactions,
      clock,
      catalogues,
      ledger,
      identification: new Identification(identities, accounts),
      identities,
      traits,
      touches,
      threads,
      rows,
      fold: new FoldEvents({ log, features, store, rows, timeZone }),
      moves,
      triggers,
      applyPromises: (events, within) => promises.apply(events, within),
      applyConsent: async (facts, within) => {
        await consents.within(facts, clock.now(), within);
      },
      knownConsent: (accountIds, within) => consentLedger.ofAccounts(accountIds, within),
      closeContradicted: (events, catalogue, within) => contradicted.run(events, catalogue, within),
      noticeOutcomes: (events, catalogue, within) => notice.of(events, catalogue, within),
    });
  },
};

export const receiveEventsProvider: FactoryProvider<ReceiveEvents> = {
  provide: ReceiveEvents,
  inject: [IngestEvents, Quarantine, Clock],
  useFactory: (ingest: IngestEvents, quarantine: Quarantine, clock: Clock) =>
    new ReceiveEvents(ingest, quarantine, clock),
};
