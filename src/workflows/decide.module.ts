import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CatalogueModule, Catalogues } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { ContactPolicyModule, ContactRules, ReachBook } from '../contact-policy/index.js';
import { DeliveryModule, Outbox } from '../delivery/index.js';
import { EventsModule } from '../events/index.js';
import { FeatureSet, FeaturesModule, FeatureStore } from '../features/index.js';
import { HourProfiles, InsightsModule } from '../insights/index.js';
import { Challengers, LearningModule } from '../learning/index.js';
import {
  Baseline,
  Champion,
  DecisionLog,
  IncrementalValue,
  OpenQuestions,
  RecommenderModule,
} from '../recommender/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import { SuggestionBook, SuggestionChanges, SuggestionsModule } from '../suggestions/index.js';
import { assembled } from './assembled.js';
import { DecisionGate } from './decision-gate.js';
import { PostgresDecisionGate } from './decision-gate.postgres.js';
import { Decide } from './decide.js';
import { PublishDecisions } from './publish-decisions.js';
import { RampReach } from './ramp-reach.js';
import { PostgresReachBook } from './reach-book.postgres.js';
import { SituationRows } from './situation-rows.js';
import { PostgresSituationRows } from './situation-rows.postgres.js';
import { ShadowDecisions } from './shadow-decisions.js';
import { ShadowModule } from './shadow.module.js';
import { Situations } from './situations.js';

/** Arms beside *no action*, and the least chance that each of them has. */
const MAX_ARMS = 10;
const FLOOR = 0.005;

/** From situations to decisions, and from decisions to what people see. */
@Module({
  imports: [
    CatalogueModule,
    ContactPolicyModule,
    DeliveryModule,
    EventsModule,
    FeaturesModule,
    InsightsModule,
    LearningModule,
    RecommenderModule,
    ShadowModule,
    SuggestionsModule,
  ],
  providers: [
    {
      provide: DecisionGate,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresDecisionGate(database),
    },
    {
      provide: ReachBook,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresReachBook(database),
    },
    assembled(RampReach, { transactions: Transactions, rules: ContactRules, book: ReachBook }),
    {
      provide: SituationRows,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresSituationRows(database),
    },
    {
      provide: Situations,
      inject: [
        SituationRows,
        Catalogues,
        ContactRules,
        ReachBook,
        FeatureSet,
        FeatureStore,
        Champion,
        Baseline,
        Challengers,
        HourProfiles,
        IncrementalValue,
        CONFIG,
      ],
      useFactory: (
        rows: SituationRows,
        catalogues: Catalogues,
        rules: ContactRules,
        reach: ReachBook,
        featureSet: FeatureSet,
        features: FeatureStore,
        champion: Champion,
        baseline: Baseline,
        challengers: Challengers,
        hours: HourProfiles,
        incremental: IncrementalValue,
        { timeZone, salt, holdoutShare, slotDays, exploration, explorationGamma }: Config,
      ) =>
        new Situations({
          rows,
          catalogues,
          rules,
          reach,
          featureSet,
          features,
          champion,
          baseline,
          challengers,
          hours,
          incremental,
          settings: {
            timeZone,
            salt,
            holdoutShare,
            slotDays,
            exploration: { mode: exploration, gamma: explorationGamma, floor: FLOOR, maxArms: MAX_ARMS },
          },
        }),
    },
    assembled(PublishDecisions, {
      gate: DecisionGate,
      decisions: DecisionLog,
      questions: OpenQuestions,
      suggestions: SuggestionChanges,
    }),
    assembled(Decide, {
      transactions: Transactions,
      situations: Situations,
      publish: PublishDecisions,
      decisions: DecisionLog,
      questions: OpenQuestions,
      suggestions: SuggestionBook,
      outbox: Outbox,
      shadow: ShadowDecisions,
      clock: Clock,
      ids: Ids,
    }),
  ],
  exports: [
    Decide,
    DecisionGate,
    PublishDecisions,
    RampReach,
    RecommenderModule,
    Situations,
    SuggestionsModule,
  ],
})
export class DecideModule {}
