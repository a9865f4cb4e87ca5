import { Module } from '@nestjs/common';
import { AccessModule, AuditTrail } from '../access/index.js';
import { Accounts, CatalogueModule, Catalogues } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { DeliveryModule, Outbox } from '../delivery/index.js';
import { EventLog, EventsModule } from '../events/index.js';
import { FeatureSet, FeaturesModule } from '../features/index.js';
import {
  HeadStore,
  LearningModule,
  ModelRegistry,
  ShadowBook,
  TrainedChampion,
  Trainer,
} from '../learning/index.js';
import { OutcomeInbox, OutcomeLog, OutcomesModule, TrialBook } from '../outcomes/index.js';
import { DecisionLog, RecommenderModule } from '../recommender/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import { SuggestionBook, SuggestionsModule } from '../suggestions/index.js';
import { assembled } from './assembled.js';
import { AccountLocks } from './account-locks.js';
import { AccountLocksModule } from './account-locks.module.js';
import { BuildDataset } from './build-dataset.js';
import { ExperimentsModule } from './experiments.module.js';
import { EvaluateModel } from './evaluate-model.js';
import { JudgeModel } from './judge-model.js';
import { AccountPasts } from './learn-account-pasts.js';
import { PostgresAccountPasts } from './learn-account-pasts.postgres.js';
import { LearnFromOutcomes } from './learn-from-outcomes.js';
import { NoticeOutcomes } from './learn-notice.js';
import { PromoteModel } from './promote-model.js';
import { RecordOutcome } from './record-outcome.js';
import { TrainModel } from './train-model.js';

/** What happened after a touch, and the models that learn from it. */
@Module({
  imports: [
    AccountLocksModule,
    AccessModule,
    CatalogueModule,
    DeliveryModule,
    EventsModule,
    ExperimentsModule,
    FeaturesModule,
    LearningModule,
    OutcomesModule,
    RecommenderModule,
    SuggestionsModule,
  ],
  providers: [
    {
      provide: BuildDataset,
      inject: [Accounts, Catalogues, EventLog, OutcomeLog, DecisionLog, SuggestionBook, FeatureSet, CONFIG],
      useFactory: (
        accounts: Accounts,
        catalogues: Catalogues,
        events: EventLog,
        outcomes: OutcomeLog,
        decisions: DecisionLog,
        suggestions: SuggestionBook,
        featureSet: FeatureSet,
        { timeZone }: Config,
      ) =>
        new BuildDataset({
          accounts,
          catalogues,
          events,
          outcomes,
          decisions,
          suggestions,
          featureSet,
          timeZone,
        }),
    },
    assembled(TrainModel, {
      build: BuildDataset,
      trainer: Trainer,
      registry: ModelRegistry,
      audit: AuditTrail,
      clock: Clock,
    }),
    assembled(EvaluateModel, { build: BuildDataset, registry: ModelRegistry, clock: Clock }),
    assembled(PromoteModel, {
      transactions: Transactions,
      registry: ModelRegistry,
      shadows: ShadowBook,
      judge: JudgeModel,
      audit: AuditTrail,
      outbox: Outbox,
      clock: Clock,
      ids: Ids,
    }),
    assembled(RecordOutcome, {
      transactions: Transactions,
      locks: AccountLocks,
      accounts: Accounts,
      catalogues: Catalogues,
      outcomes: OutcomeLog,
      decisions: DecisionLog,
      suggestions: SuggestionBook,
      inbox: OutcomeInbox,
      clock: Clock,
    }),
    { provide: AccountPasts, useClass: PostgresAccountPasts },
    {
      provide: NoticeOutcomes,
      inject: [OutcomeInbox],
      useFactory: (inbox: OutcomeInbox) => new NoticeOutcomes(inbox),
    },
    assembled(LearnFromOutcomes, {
      transactions: Transactions,
      catalogues: Catalogues,
      champion: TrainedChampion,
      registry: ModelRegistry,
      decisions: DecisionLog,
      inbox: OutcomeInbox,
      trials: TrialBook,
      outcomes: OutcomeLog,
      pasts: AccountPasts,
      heads: HeadStore,
      featureSet: FeatureSet,
    }),
  ],
  exports: [
    BuildDataset,
    TrainModel,
    EvaluateModel,
    PromoteModel,
    RecordOutcome,
    LearnFromOutcomes,
    NoticeOutcomes,
    ExperimentsModule,
  ],
})
export class LearningWorkflowsModule {}
