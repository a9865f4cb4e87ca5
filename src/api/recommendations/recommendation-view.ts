import type { ConsideredCandidate, Decision } from '../../recommender/index.js';
import type { DecisionAnswer, Presentation } from '../../workflows/index.js';
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
  presentation: Presentation,
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
    suggestions: suggestions.flatMap(({ suggestionId }) => {
      const presented = presentation.items.get(suggestionId);
      return presented ? [suggestionView(presented, presentation, locale)] : [];
    }),
    suppressed: decision.suppressed,
    ...(considered ? { candidates: considered } : {}),
  };
}
