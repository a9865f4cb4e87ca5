import type { AccountId, ActionId, ChannelId, ContactId, ProductId, Purpose } from '../catalogue/index.js';
import type { SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';

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

/** Suggestions as those who change an account's past see them. */
export abstract class StandingSuggestions {
  abstract of(accountIds: readonly AccountId[], within: Transaction): Promise<StandingSuggestion[]>;
  abstract close(
    suggestions: readonly { accountId: AccountId; suggestionId: SuggestionId }[],
    state: 'withdrawn' | 'superseded' | 'expired',
    because: string,
    at: Date,
    within: Transaction,
  ): Promise<void>;
}
