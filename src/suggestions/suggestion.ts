import type {
  AccountId,
  Action,
  ActionId,
  ChannelId,
  ContactId,
  ContentId,
  Intent,
  MemberId,
  Product,
  ProductId,
  Purpose,
  Role,
  TreatmentId,
} from '../catalogue/index.js';
import type { DismissalReason } from '../contact-policy/index.js';
import {
  type DecisionId,
  type DecisionOutline,
  type Placed,
  questionKey,
  type Slot,
  type SuggestionId,
  topicsOf,
} from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import type { ClosingReason } from './closing.js';

export const suggestionStates = [
  'open',
  'seen',
  'accepted',
  'snoozed',
  'dismissed',
  'completed',
  'expired',
  'withdrawn',
  'superseded',
] as const;
export type SuggestionState = (typeof suggestionStates)[number];

/** States in which a suggestion still stands before somebody. */
export const standing: readonly SuggestionState[] = ['open', 'seen', 'accepted', 'snoozed'];

/** What a change of consent or history is checked against. */
export interface StandingSuggestion {
  suggestionId: SuggestionId;
  accountId: AccountId;
  contactId: ContactId;
  channelId: ChannelId;
  purpose: Purpose;
  actionId: ActionId;
  productId: ProductId | null;
  productIds: ProductId[];
  topics: string[];
  state: SuggestionState;
  slotFrom: Date;
}

/** One place of an answer as somebody works through it. */
export interface Suggestion extends StandingSuggestion {
  decisionId: DecisionId;
  decidedAt: Date;
  runId: string | null;
  /** Name of the question that it answers. */
  question: string;
  /** The question was about a moment: a topic, a need, a channel. */
  contextual: boolean;
  rank: number;
  treatmentId: TreatmentId | null;
  contentId: ContentId | null;
  actionName: string;
  intent: Intent;
  performedBy: { role: Role | 'automatic'; memberId: MemberId | null };
  /** Role for which it was made: what that role may not see is not in it. */
  viewerRole: Role | null;
  slot: Slot;
  propensity: number;
  value: number;
  priority: number;
  inclusionProbability: number | null;
  /** Why it no longer stands, in English or as a dismissal's reason. */
  because: string | null;
  /** The same, to be said in any language; null while it stands, and where none was kept. */
  closing: ClosingReason | null;
  snoozedUntil: Date | null;
  /** The contact policy was last checked then, at this epoch and these versions. */
  verifiedAt: Date;
  verifiedEpoch: number;
  verifiedVersions: string;
  createdAt: Date;
  changedAt: Date;
  expiresAt: Date;
}

/** Suggestions as those who change an account's past see them. */
export abstract class StandingSuggestions {
  abstract of(accountIds: readonly AccountId[], within: Transaction): Promise<StandingSuggestion[]>;
  abstract close(
    suggestions: readonly { accountId: AccountId; suggestionId: SuggestionId }[],
    state: 'withdrawn' | 'superseded' | 'expired',
    because: ClosingReason,
    at: Date,
    within: Transaction,
  ): Promise<void>;
}

/** Versions of what the contact policy reads beside the account's own past. */
export function policyVersions({ catalogue, rules }: { catalogue: number; rules: number }): string {
  return `${catalogue}.${rules}`;
}

/** The account's suggestion that a place of a decision becomes. */
export function suggestionOf(
  decision: DecisionOutline,
  place: Placed,
  { action, product }: { action: Action; product: Product | null },
  versions: string,
): Suggestion {
  const { question, decidedAt } = decision;
  return {
    suggestionId: place.suggestionId,
    accountId: decision.accountId,
    contactId: place.contactId,
    channelId: place.channelId,
    purpose: place.purpose,
    actionId: place.actionId,
    productId: place.productId,
    productIds: place.productId === null ? [] : [place.productId],
    topics: [...topicsOf(action, product)],
    state: 'open',
    slotFrom: place.slot.from,
    decisionId: decision.decisionId,
    decidedAt,
    runId: decision.runId,
    question: questionKey(question),
    contextual: Object.values(question.context).some((given) => given !== undefined),
    rank: place.rank,
    treatmentId: place.treatmentId,
    contentId: place.contentId,
    actionName: action.name,
    intent: place.intent,
    performedBy: place.performedBy,
    viewerRole: question.role,
    slot: place.slot,
    propensity: place.propensity,
    value: place.value,
    priority: place.priority,
    inclusionProbability: place.inclusionProbability,
    because: null,
    closing: null,
    snoozedUntil: null,
    verifiedAt: decidedAt,
    verifiedEpoch: decision.policyEpoch,
    verifiedVersions: versions,
    createdAt: decidedAt,
    changedAt: decidedAt,
    expiresAt: place.expiresAt,
  };
}

export const responseKinds = ['seen', 'accepted', 'dismissed', 'snoozed', 'completed'] as const;
export type ResponseKind = (typeof responseKinds)[number];

/** What an account manager said about a suggestion. */
export interface SuggestionResponse {
  responseId: string;
  kind: ResponseKind;
  reason: DismissalReason | null;
  until: Date | null;
  note: string | null;
  memberId: MemberId | null;
  respondedAt: Date;
}
