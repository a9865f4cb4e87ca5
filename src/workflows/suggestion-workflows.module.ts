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
import { assembled } from './assembled.js';
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
    assembled(CloseSuggestions, { standing: StandingSuggestions, outbox: Outbox, ids: Ids }),
    assembled(CloseContradicted, {
      book: SuggestionBook,
      standing: StandingSuggestions,
      responses: Responses,
      gate: DecisionGate,
      outbox: Outbox,
      inbox: OutcomeInbox,
      clock: Clock,
      ids: Ids,
    }),
    assembled(ReviewActions, {
      transactions: Transactions,
      gate: DecisionGate,
      responses: Responses,
      tasks: TaskBook,
      make: MakeTasks,
      clock: Clock,
    }),
    assembled(ExplainSuggestions, {
      decisions: DecisionLog,
      situations: Situations,
      events: EventLog,
      featureSet: FeatureSet,
      doubles: DoublesEvidenceLog,
      insights: PublishedInsights,
    }),
    assembled(PresentSuggestions, {
      explain: ExplainSuggestions,
      situations: Situations,
      responses: Responses,
      tellings: Tellings,
      names: Names,
      clock: Clock,
    }),
    assembled(VerifySuggestions, {
      transactions: Transactions,
      gate: DecisionGate,
      situations: Situations,
      close: CloseSuggestions,
      changes: SuggestionChanges,
      clock: Clock,
    }),
    assembled(CloseUnavailable, {
      catalogues: Catalogues,
      rules: ContactRules,
      standing: StandingByProduct,
      verify: VerifySuggestions,
      clock: Clock,
    }),
    assembled(RespondToSuggestion, {
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
    }),
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
