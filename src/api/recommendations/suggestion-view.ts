import type { ActionId, ContentId, Intent, ProductId, Purpose, TreatmentId } from '../../catalogue/index.js';
import type { Reason, Slot } from '../../recommender/index.js';
import {
  eventName,
  type ResponseKind,
  type Suggestion,
  type SuggestionState,
} from '../../suggestions/index.js';
import {
  headlineText,
  namesIn,
  type Presentation,
  type Presented,
  reasonText,
  type SuggestionNames,
} from '../../workflows/index.js';

export interface ReasonView {
  code: string;
  text: string;
  evidence: Reason['evidence'];
}

/** What the customer was told before about the same, by whom. */
export interface ToldView {
  at: Date;
  channelId: string | null;
  contactId: string | null;
  by: { memberId: string | null; name: string | null };
  title: string;
  eventId: string;
}

/** A suggestion as the API shows it, with the names of all that it names by id. */
export interface SuggestionView {
  suggestionId: string;
  /** What to do, with whom, about what and when. */
  headline: string;
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
  /** Left out of batches. */
  alreadyTold?: ToldView[];
  /** The last one who said more than that it was seen. */
  taken: { kind: ResponseKind; memberId: string | null; name: string | null; at: Date } | null;
  names: SuggestionNames;
  state: SuggestionState;
  verifiedAt: Date;
  expiresAt: Date;
}

export function suggestionView(
  presented: Presented,
  presentation: Presentation,
  locale: string | null,
): SuggestionView {
  const { suggestion, taken } = presented;
  const names = namesIn(suggestion, presentation);
  const { members } = presentation.names;
  return {
    suggestionId: suggestion.suggestionId,
    headline: headlineText(suggestion, presentation, locale),
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
    reasons: reasonViews(presented, presentation, locale),
    ...(presented.alreadyTold ? { alreadyTold: toldViews(presented.alreadyTold, presentation, locale) } : {}),
    taken: taken && {
      kind: taken.kind,
      memberId: taken.memberId,
      name: taken.memberId === null ? null : (members.get(taken.memberId) ?? null),
      at: taken.at,
    },
    names,
    state: suggestion.state,
    verifiedAt: suggestion.verifiedAt,
    expiresAt: suggestion.expiresAt,
  };
}

function reasonViews(presented: Presented, presentation: Presentation, locale: string | null): ReasonView[] {
  return presented.reasons.map((reason) => ({
    code: reason.code,
    text: reasonText(reason, presented.suggestion, presentation, locale),
    evidence: reason.evidence,
  }));
}

function toldViews(
  alreadyTold: NonNullable<Presented['alreadyTold']>,
  { names }: Presentation,
  locale: string | null,
): ToldView[] {
  return alreadyTold.map(({ at, channelId, contactId, memberId, title, name, eventId }) => ({
    at,
    channelId,
    contactId,
    by: { memberId, name: memberId === null ? null : (names.members.get(memberId) ?? null) },
    title: title ?? eventName(name, locale),
    eventId,
  }));
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
