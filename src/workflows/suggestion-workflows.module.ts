import { Module } from '@nestjs/common';
import { CatalogueModule, Catalogues, Names } from '../catalogue/index.js';
import { ContactPolicyModule, ContactRules } from '../contact-policy/index.js';
import { DeliveryModule, Outbox } from '../delivery/index.js';
import { EventLog, EventsModule, Tellings } from '../events/index.js';
import { FeatureSet, FeaturesModule } from '../features/index.js';
import { InsightsModule, PublishedInsights } from '../insights/index.js';
import { DecisionLog } from '../recommender/index.js';
import { OutcomeInbox, OutcomesModule } from '../outcomes/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import {
  Responses,
  StandingByProduct,
  StandingSuggestions,
  SuggestionBook,
  SuggestionChanges,
  SuggestionsModule,
  TaskBook,
} from '../suggestions/index.js';
import { CloseContradicted } from './close-contradicted.js';
import { CloseSuggestions } from './close-suggestions.js';
import { CloseUnavailable } from './close-unavailable.js';
import { DecideModule } from './decide.module.js';
import { DecisionGate } from './decision-gate.js';
import { DoublesEvidenceLog } from './doubles-evidence.js';
import { DoublesModule } from './doubles.module.js';
import { ExplainSuggestions } from './explain-suggestions.js';
import { PresentSuggestions } from './present-suggestions.js';
import { RespondToSuggestion } from './respond-to-suggestion.js';
import { ReviewActions } from './review-actions.js';
import { Situations } from './situations.js';
import { MakeTasks } from './task-making.js';
import { TaskMakingModule } from './task-making.module.js';
import { VerifySuggestions } from './verify-suggestions.js';

/** What becomes of suggestions once they are made: shown, answered, contradicted, taken back. */
@Module({
  imports: [
    CatalogueModule,
    ContactPolicyModule,
    DecideModule,
    DoublesModule,
    DeliveryModule,
    EventsModule,
    FeaturesModule,
    InsightsModule,
    OutcomesModule,
    SuggestionsModule,
    TaskMakingModule,
  ],
  providers: [
    {
      provide: CloseSuggestions,
      inject: [StandingSuggestions, Outbox, Ids],
      useFactory: (standing: StandingSuggestions, outbox: Outbox, ids: Ids) =>
        new CloseSuggestions({ standing, outbox, ids }),
    },
    {
      provide: CloseContradicted,
      inject: [
        SuggestionBook,
        StandingSuggestions,
        Responses,
        DecisionGate,
        Outbox,
        OutcomeInbox,
        Clock,
        Ids,
      ],
      useFactory: (
        book: SuggestionBook,
        standing: StandingSuggestions,
        responses: Responses,
        gate: DecisionGate,
        outbox: Outbox,
        inbox: OutcomeInbox,
        clock: Clock,
        ids: Ids,
      ) => new CloseContradicted({ book, standing, responses, gate, outbox, inbox, clock, ids }),
    },
    {
      provide: ReviewActions,
      inject: [Transactions, DecisionGate, Responses, TaskBook, MakeTasks, Clock],
      useFactory: (
        transactions: Transactions,
        gate: DecisionGate,
        responses: Responses,
        tasks: TaskBook,
        make: MakeTasks,
        clock: Clock,
      ) => new ReviewActions({ transactions, gate, responses, tasks, make, clock }),
    },
    {
      provide: ExplainSuggestions,
      inject: [DecisionLog, Situations, EventLog, FeatureSet, DoublesEvidenceLog, PublishedInsights],
      useFactory: (
        decisions: DecisionLog,
        situations: Situations,
        events: EventLog,
        featureSet: FeatureSet,
        doubles: DoublesEvidenceLog,
        insights: PublishedInsights,
      ) => new ExplainSuggestions({ decisions, situations, events, featureSet, doubles, insights }),
    },
    {
      provide: PresentSuggestions,
      inject: [ExplainSuggestions, Situations, Responses, Tellings, Names, Clock],
      useFactory: (
        explain: ExplainSuggestions,
        situations: Situations,
        responses: Responses,
        tellings: Tellings,
        names: Names,
        clock: Clock,
      ) => new PresentSuggestions({ explain, situations, responses, tellings, names, clock }),
    },
    {
      provide: VerifySuggestions,
      inject: [Transactions, DecisionGate, Situations, CloseSuggestions, SuggestionChanges, Clock],
      useFactory: (
        transactions: Transactions,
        gate: DecisionGate,
        situations: Situations,
        close: CloseSuggestions,
        changes: SuggestionChanges,
        clock: Clock,
      ) => new VerifySuggestions({ transactions, gate, situations, close, changes, clock }),
    },
    {
      provide: CloseUnavailable,
      inject: [Catalogues, ContactRules, StandingByProduct, VerifySuggestions, Clock],
      useFactory: (
        catalogues: Catalogues,
        rules: ContactRules,
        standing: StandingByProduct,
        verify: VerifySuggestions,
        clock: Clock,
      ) => new CloseUnavailable({ catalogues, rules, standing, verify, clock }),
    },
    {
      provide: RespondToSuggestion,
      inject: [
        Transactions,
        DecisionGate,
        SuggestionBook,
        Responses,
        CloseSuggestions,
        ReviewActions,
        Outbox,
        OutcomeInbox,
        Clock,
        Ids,
      ],
      useFactory: (
        transactions: Transactions,
        gate: DecisionGate,
        book: SuggestionBook,
        responses: Responses,
        close: CloseSuggestions,
        reviews: ReviewActions,
        outbox: Outbox,
        inbox: OutcomeInbox,
        clock: Clock,
        ids: Ids,
      ) =>
        new RespondToSuggestion({
          transactions,
          gate,
          book,
          responses,
          close,
          reviews,
          outbox,
          inbox,
          clock,
          ids,
        }),
    },
  ],
  exports: [
    CloseContradicted,
    CloseSuggestions,
    CloseUnavailable,
    DecideModule,
    ExplainSuggestions,
    PresentSuggestions,
    RespondToSuggestion,
    ReviewActions,
    VerifySuggestions,
  ],
})
export class SuggestionWorkflowsModule {}
