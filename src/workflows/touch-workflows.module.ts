import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Catalogues } from '../catalogue/index.js';
import { PreferenceLinks } from '../consent/index.js';
import { Mailer, Outbox } from '../delivery/index.js';
import { TouchPlans } from '../events/index.js';
import { DecisionLog } from '../recommender/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import { SuggestionBook } from '../suggestions/index.js';
import { assembled } from './assembled.js';
import { AccountLocks } from './account-locks.js';
import { PostgresChannelPace } from './begin-touch-pace.postgres.js';
import { ChannelPace } from './begin-touch-pace.js';
import { BeginTouch } from './begin-touch.js';
import { CloseSuggestions } from './close-suggestions.js';
import { Decide } from './decide.js';
import { IngestEvents } from './ingest-events.js';
import { PostgresRipeSuggestions, underWay } from './plan-touches.postgres.js';
import { PlanTouches, RipeSuggestions } from './plan-touches.js';
import { ReportTouch } from './report-touch.js';
import { PostgresHeldAddresses } from './send-touches.postgres.js';
import { HeldAddresses, SendTouches } from './send-touches.js';
import { Situations } from './situations.js';

const ports: FactoryProvider<unknown>[] = [
  {
    provide: ChannelPace,
    inject: [DataSource],
    useFactory: (database: DataSource) => new PostgresChannelPace(database),
  },
  {
    provide: RipeSuggestions,
    inject: [DataSource],
    useFactory: (database: DataSource) => new PostgresRipeSuggestions(database),
  },
  { provide: HeldAddresses, useFactory: () => new PostgresHeldAddresses() },
];

const planTouches: FactoryProvider<PlanTouches> = assembled(PlanTouches, {
  transactions: Transactions,
  locks: AccountLocks,
  ripe: RipeSuggestions,
  book: SuggestionBook,
  decisions: DecisionLog,
  decide: Decide,
  catalogues: Catalogues,
  plans: TouchPlans,
  clock: Clock,
  ids: Ids,
});

const beginTouch: FactoryProvider<BeginTouch> = {
  provide: BeginTouch,
  inject: [
    Transactions,
    AccountLocks,
    Situations,
    SuggestionBook,
    CloseSuggestions,
    TouchPlans,
    ChannelPace,
    PreferenceLinks,
    Outbox,
    Clock,
    Ids,
  ],
  useFactory: (
    transactions: Transactions,
    locks: AccountLocks,
    situations: Situations,
    book: SuggestionBook,
    close: CloseSuggestions,
    plans: TouchPlans,
    pace: ChannelPace,
    links: PreferenceLinks,
    outbox: Outbox,
    clock: Clock,
    ids: Ids,
  ) =>
    new BeginTouch({
      transactions,
      locks,
      situations,
      book,
      underWay,
      close,
      plans,
      pace,
      links,
      outbox,
      clock,
      ids,
    }),
};

const sendTouches: FactoryProvider<SendTouches> = assembled(SendTouches, {
  transactions: Transactions,
  locks: AccountLocks,
  plan: PlanTouches,
  begin: BeginTouch,
  plans: TouchPlans,
  pace: ChannelPace,
  mailer: Mailer,
  held: HeldAddresses,
  ingest: IngestEvents,
  close: CloseSuggestions,
  catalogues: Catalogues,
  clock: Clock,
});

const reportTouch: FactoryProvider<ReportTouch> = assembled(ReportTouch, {
  transactions: Transactions,
  locks: AccountLocks,
  plans: TouchPlans,
  held: HeldAddresses,
  ingest: IngestEvents,
  close: CloseSuggestions,
  catalogues: Catalogues,
  clock: Clock,
});

/** Touches to customers, from their planning to the reports of what became of them. */
export const touchProviders = [...ports, planTouches, beginTouch, sendTouches, reportTouch];
export const touchWorkflows = [SendTouches, ReportTouch, BeginTouch, PlanTouches];
