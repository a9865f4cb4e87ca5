import type { ConsideredCandidate, Decision, Reason, SuggestionId } from '../../recommender/index.js';
import type { DecisionAnswer } from '../../workflows/index.js';
import { type SuggestionView, suggestionView } from './suggestion-view.js';

/** An answer as the API shows it. */
export interface RecommendationView {
  decisionId: string;
  accountId: string;
  decidedAt: Date;
  reused: boolean;
  model: { name: string; version: string };
  noAction: Decision['noAction'];
  suggestions: SuggestionView[];
  suppressed: Decision['suppressed'];
  candidates?: ConsideredCandidate[];
}

export function recommendationView(
  { decision, reused, suggestions, considered }: DecisionAnswer,
  reasons: ReadonlyMap<SuggestionId, Reason[]>,
  locale: string | null,
): RecommendationView {
  const [name = '', ...version] = decision.versions.model.split(':');
  return {
    decisionId: decision.decisionId,
    accountId: decision.accountId,
    decidedAt: decision.decidedAt,
    reused,
    model: { name, version: version.join(':') },
    noAction: decision.noAction,
    suggestions: suggestions.map((suggestion) =>
      suggestionView(suggestion, reasons.get(suggestion.suggestionId) ?? [], locale),
    ),
    suppressed: decision.suppressed,
    ...(considered ? { candidates: considered } : {}),
  };
}
