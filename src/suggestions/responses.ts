import type { AccountId, MemberId } from '../catalogue/index.js';
import type { SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import type { Taken, UndoableResponse } from './responding.js';
import type { Suggestion, SuggestionResponse } from './suggestion.js';

/** How compliance looked at an action that was called not compliant: not yet, forbidden for the account, or free again. */
export const reviewVerdicts = ['upheld', 'cleared'] as const;
export type ReviewVerdict = (typeof reviewVerdicts)[number];
export type ReviewState = 'open' | ReviewVerdict;

/** A response as it stands in the log. */
export interface RecordedResponse extends UndoableResponse {
  responseId: string;
  accountId: AccountId;
  suggestionId: SuggestionId;
  review: ReviewState | null;
  reviewTaskId: string | null;
}

/** What is written of a response beside what was said. */
export interface ResponseRecord {
  response: SuggestionResponse;
  /** The suggestion before it and after it. */
  before: Suggestion;
  after: Suggestion;
  /** The event that said it, where no person did. */
  eventId?: string;
  review?: { state: ReviewState; taskId: string | null };
}

/** What was said about suggestions. Every account named must be locked by whoever changes something. */
export abstract class Responses {
  abstract record(records: readonly ResponseRecord[], within: Transaction): Promise<void>;
  /** Null when the suggestion has no such response. */
  abstract find(
    suggestionId: SuggestionId,
    responseId: string,
    within: Transaction,
  ): Promise<RecordedResponse | null>;
  /** Who works on each: the last response that said more than seen and was not taken back. */
  abstract taken(
    suggestions: readonly { accountId: AccountId; suggestionId: SuggestionId }[],
    within?: Transaction,
  ): Promise<Map<SuggestionId, Taken & { responseId: string }>>;
  /** False, and nothing is written, when the same stands under another id by now. */
  abstract undo(
    response: RecordedResponse,
    after: Suggestion,
    by: MemberId | null,
    within: Transaction,
  ): Promise<boolean>;
  /** Concludes the open reviews of a suggestion; gives how many there were. */
  abstract review(
    suggestion: { accountId: AccountId; suggestionId: SuggestionId },
    conclusion: { verdict: ReviewVerdict; by: MemberId | null; at: Date },
    within: Transaction,
  ): Promise<number>;
}
