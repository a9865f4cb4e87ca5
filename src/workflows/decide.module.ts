import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CatalogueModule, Catalogues } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { ContactPolicyModule, ContactRules } from '../contact-policy/index.js';
import { EventLog, EventsModule } from '../events/index.js';
import { FeatureSet, FeaturesModule, FeatureStore } from '../features/index.js';
import { LearningModule } from '../learning/index.js';
import { Baseline, Champion, DecisionLog, OpenQuestions, RecommenderModule } from '../recommender/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import {
  StandingSuggestions,
  SuggestionBook,
  SuggestionChanges,
  SuggestionsModule,
} from '../suggestions/index.js';
import { DecisionGate } from './decision-gate.js';
import { PostgresDecisionGate } from './decision-gate.postgres.js';
import { Decide } from './decide.js';
import { ExplainSuggestions } from './explain-suggestions.js';
import { PublishDecisions } from './publish-decisions.js';
import { RespondToSuggestion } from './respond-to-suggestion.js';
import { SituationRows } from './situation-rows.js';
import { PostgresSituationRows } from './situation-rows.postgres.js';
import { Situations } from './situations.js';
import { VerifySuggestions } from './verify-suggestions.js';

/** Arms beside *no action*, and the least chance that each of them has. */
const MAX_ARMS = 10;
const FLOOR = 0.005;

/** From situations to decisions, and from decisions to what people see. */
@Module({
  imports: [
    CatalogueModule,
    ContactPolicyModule,
    EventsModule,
    FeaturesModule,
    LearningModule,
    RecommenderModule,
    SuggestionsModule,
  ],
  providers: [
    {
      provide: DecisionGate,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresDecisionGate(database),
    },
    {
      provide: SituationRows,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresSituationRows(database),
    },
    {
      provide: Situations,
      inject: [SituationRows, Catalogues, ContactRules, FeatureSet, FeatureStore, Champion, Baseline, CONFIG],
      useFactory: (
        rows: SituationRows,
        catalogues: Catalogues,
        rules: ContactRules,
        featureSet: FeatureSet,
        features: FeatureStore,
        champion: Champion,
        baseline: Baseline,
        { timeZone, salt, holdoutShare, exploration, explorationGamma }: Config,
      ) =>
        new Situations({
          rows,
          catalogues,
          rules,
          featureSet,
          features,
          champion,
          baseline,
          settings: {
            timeZone,
            salt,
            holdoutShare,
            exploration: { mode: exploration, gamma: explorationGamma, floor: FLOOR, maxArms: MAX_ARMS },
          },
        }),
    },
    {
      provide: PublishDecisions,
      inject: [DecisionGate, DecisionLog, OpenQuestions, SuggestionChanges],
      useFactory: (
        gate: DecisionGate,
        decisions: DecisionLog,
        questions: OpenQuestions,
        suggestions: SuggestionChanges,
      ) => new PublishDecisions({ gate, decisions, questions, suggestions }),
    },
    {
      provide: Decide,
      inject: [
        Transactions,
        Situations,
        PublishDecisions,
        DecisionLog,
        OpenQuestions,
        SuggestionBook,
        Clock,
        Ids,
      ],
      useFactory: (
        transactions: Transactions,
        situations: Situations,
        publish: PublishDecisions,
        decisions: DecisionLog,
        questions: OpenQuestions,
        suggestions: SuggestionBook,
        clock: Clock,
        ids: Ids,
      ) => new Decide({ transactions, situations, publish, decisions, questions, suggestions, clock, ids }),
    },
    {
      provide: ExplainSuggestions,
      inject: [DecisionLog, Situations, EventLog, FeatureSet],
      useFactory: (
        decisions: DecisionLog,
        situations: Situations,
        events: EventLog,
        featureSet: FeatureSet,
      ) => new ExplainSuggestions({ decisions, situations, events, featureSet }),
    },
    {
      provide: VerifySuggestions,
      inject: [Transactions, DecisionGate, Situations, StandingSuggestions, SuggestionChanges, Clock],
      useFactory: (
        transactions: Transactions,
        gate: DecisionGate,
        situations: Situations,
        standing: StandingSuggestions,
        changes: SuggestionChanges,
        clock: Clock,
      ) => new VerifySuggestions({ transactions, gate, situations, standing, changes, clock }),
    },
    {
      provide: RespondToSuggestion,
      inject: [Transactions, DecisionGate, SuggestionBook, SuggestionChanges, Clock, Ids],
      useFactory: (
        transactions: Transactions,
        gate: DecisionGate,
        book: SuggestionBook,
        changes: SuggestionChanges,
        clock: Clock,
        ids: Ids,
      ) => new RespondToSuggestion({ transactions, gate, book, changes, clock, ids }),
    },
  ],
  exports: [
    Decide,
    DecisionGate,
    ExplainSuggestions,
    PublishDecisions,
    RecommenderModule,
    RespondToSuggestion,
    Situations,
    SuggestionsModule,
    VerifySuggestions,
  ],
})
export class DecideModule {}
