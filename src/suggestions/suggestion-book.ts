import type { AccountId, ChannelId, ContactId, Intent, MemberId, Purpose } from '../catalogue/index.js';
import type { SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import type { Suggestion, SuggestionState } from './suggestion.js';

export interface SuggestionQuery {
  accountId?: AccountId;
  /** Suggestions that this member performs, or of accounts that the member is assigned to. */
  memberId?: MemberId;
  /** Accounts that this member is assigned to: what a bound caller sees. */
  seenBy?: MemberId;
  contactId?: ContactId;
  channelId?: ChannelId;
  purpose?: Purpose;
  intent?: Intent;
  state?: SuggestionState;
  runId?: string;
  changedSince?: Date | undefined;
  /** By priority, the highest first (default), or by slot, the earliest first. */
  sort?: 'priority' | 'slot';
  /** The last one of the page before: its priority, or where its slot begins. */
  after?: { key: number | Date; suggestionId: SuggestionId };
  limit: number;
  /** Time by which expiry and the end of a snooze are judged. */
  at: Date;
}

/** Suggestions as they are read: expired ones say so, snoozed ones are open again when their time has come. */
export abstract class SuggestionBook {
  /** One more than the limit where there are more. */
  abstract page(query: SuggestionQuery): Promise<Suggestion[]>;
  /** Of each state that occurs: those that stand, and those closed since `changedSince`. */
  abstract counts(
    query: Omit<SuggestionQuery, 'after' | 'sort' | 'limit'>,
  ): Promise<Map<SuggestionState, number>>;
  abstract find(suggestionId: SuggestionId, at: Date, within?: Transaction): Promise<Suggestion | null>;
  /** In the order asked; unknown ones are left out. */
  abstract byIds(ids: readonly SuggestionId[], at: Date): Promise<Suggestion[]>;
  /** Suggestions that stand, of many accounts. */
  abstract standingOf(
    accountIds: readonly AccountId[],
    at: Date,
    within?: Transaction,
  ): Promise<Suggestion[]>;
}

/** The list that one account gets. */
export interface PublishedAnswer {
  accountId: AccountId;
  /** Name of the question. */
  question: string;
  suggestions: readonly Suggestion[];
}

/** What publishing answers did beside writing them. */
export interface PublishedChanges {
  outrun: Set<AccountId>;
  closed: ClosedSuggestion[];
}

export interface ClosedSuggestion {
  accountId: AccountId;
  suggestionId: SuggestionId;
  state: 'expired' | 'superseded';
  because: string | null;
}

/** Changes of suggestions; every account named must be locked. */
export abstract class SuggestionChanges {
  /**
   * Puts the suggestions of new answers before people. Of one that is known the decision, place and slot are renewed; its
   * state stays, but an expired one is open again. What nobody has seen and the answer does not keep is closed: of the
   * same question, or, for a nightly run, of every question without a moment of its own.
   *
   * Gives the accounts that were outrun: nothing was written for them, since the suggestions were made of something older
   * (the same one stands under another id, or the id is one that has been closed since). And what was closed, but of a
   * nightly run.
   */
  abstract publish(
    answers: readonly PublishedAnswer[],
    everyBackground: boolean,
    at: Date,
    within: Transaction,
  ): Promise<PublishedChanges>;
  /** Accounts of these in which somebody has seen, accepted or put off a suggestion that stands. */
  abstract accountsWithSeen(
    accountIds: readonly AccountId[],
    at: Date,
    within: Transaction,
  ): Promise<Set<AccountId>>;
  /** Says that the contact policy was checked again and still allows them. */
  abstract verified(
    suggestions: readonly { accountId: AccountId; suggestionId: SuggestionId; epoch: number }[],
    versions: string,
    at: Date,
  ): Promise<void>;
}
