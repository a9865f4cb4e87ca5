import type { ActionId, ContentId, Intent, ProductId, Purpose, TreatmentId } from '../../catalogue/index.js';
import type { Reason, Slot } from '../../recommender/index.js';
import { type Suggestion, type SuggestionState, wordReason } from '../../suggestions/index.js';

export interface ReasonView {
  code: string;
  text: string;
  evidence: Reason['evidence'];
}

/** A suggestion as the API shows it. */
export interface SuggestionView {
  suggestionId: string;
  rank: number;
  action: { id: ActionId; name: string; intent: Intent; purpose: Purpose };
  treatmentId: TreatmentId | null;
  productId: ProductId | null;
  contentId: ContentId | null;
  channelId: string;
  contactId: string;
  performedBy: Suggestion['performedBy'];
  slot: Slot;
  propensity: number;
  value: number;
  priority: number;
  inclusionProbability: number | null;
  reasons: ReasonView[];
  state: SuggestionState;
  verifiedAt: Date;
  expiresAt: Date;
}

export function suggestionView(
  suggestion: Suggestion,
  reasons: readonly Reason[],
  locale: string | null,
): SuggestionView {
  return {
    suggestionId: suggestion.suggestionId,
    rank: suggestion.rank,
    action: {
      id: suggestion.actionId,
      name: suggestion.actionName,
      intent: suggestion.intent,
      purpose: suggestion.purpose,
    },
    treatmentId: suggestion.treatmentId,
    productId: suggestion.productId,
    contentId: suggestion.contentId,
    channelId: suggestion.channelId,
    contactId: suggestion.contactId,
    performedBy: suggestion.performedBy,
    slot: suggestion.slot,
    propensity: suggestion.propensity,
    value: suggestion.value,
    priority: suggestion.priority,
    inclusionProbability: suggestion.inclusionProbability,
    reasons: reasons.map((reason) => ({
      code: reason.code,
      text: wordReason(reason, locale, suggestion.slot.timeZone),
      evidence: reason.evidence,
    })),
    state: suggestion.state,
    verifiedAt: suggestion.verifiedAt,
    expiresAt: suggestion.expiresAt,
  };
}

/** The language that a caller likes best (RFC 9110, Accept-Language); null where none is named. */
export function preferredLocale(acceptLanguage: string | undefined): string | null {
  const ranked = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(/\s*;\s*q=/);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => /^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/.test(tag) && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return ranked[0]?.tag ?? null;
}
