import type { MemberId } from '../catalogue/index.js';
import type { DismissalReason } from '../contact-policy/index.js';
import type { Message, Outbox } from '../delivery/index.js';
import type { OutcomeInbox } from '../outcomes/index.js';
import type { SuggestionId } from '../recommender/index.js';
import {
  type Clock,
  err,
  type Ids,
  MINUTE,
  ok,
  type Result,
  type Transaction,
  type Transactions,
} from '../shared/index.js';
import {
  closedWith,
  dismissalEffects,
  type GivenResponse,
  responded,
  type ResponseRefused,
  type Responses,
  type Suggestion,
  type SuggestionBook,
  type SuggestionResponse,
  undone,
  UNDO_MINUTES,
  type UndoRefused,
} from '../suggestions/index.js';
import type { CloseSuggestions } from './close-suggestions.js';
import type { DecisionGate } from './decision-gate.js';
import type { ReviewActions } from './review-actions.js';
import { respondedMessages, undoneMessages } from './suggestion-messages.js';

export interface RespondParts {
  transactions: Transactions;
  gate: DecisionGate;
  book: SuggestionBook;
  responses: Responses;
  close: CloseSuggestions;
  reviews: ReviewActions;
  outbox: Outbox;
  /** Where the learner hears of what was carried out. */
  inbox: OutcomeInbox;
  clock: Clock;
  ids: Ids;
}

export interface ResponseGiven {
  suggestion: Suggestion;
  responseId: string | null;
  /** Until then it can be taken back. */
  undoUntil: Date | null;
}

/** What an account manager says about a suggestion, and takes back, recorded under the account's lock. */
export class RespondToSuggestion {
  constructor(private readonly parts: RespondParts) {}

  /** The suggestion as it stands, to see whose it is; null when there is none. */
  find(suggestionId: SuggestionId): Promise<Suggestion | null> {
    return this.parts.book.find(suggestionId, this.parts.clock.now());
  }

  /** The suggestion as it stands after the response. A response that was given before changes nothing. */
  run(
    suggestion: Pick<Suggestion, 'accountId' | 'suggestionId'>,
    given: GivenResponse,
    memberId: MemberId | null,
  ): Promise<Result<ResponseGiven, ResponseRefused>> {
    return this.parts.transactions.run(async (within) => {
      await this.parts.gate.lock([suggestion.accountId], within);
      return this.within(suggestion, given, memberId, within);
    });
  }

  /** The same inside a transaction of somebody else, who has locked the account. */
  async within(
    { accountId, suggestionId }: Pick<Suggestion, 'accountId' | 'suggestionId'>,
    given: GivenResponse,
    memberId: MemberId | null,
    within: Transaction,
  ): Promise<Result<ResponseGiven, ResponseRefused>> {
    const { gate, book, responses, clock, ids } = this.parts;
    const at = clock.now();
    const before = await book.find(suggestionId, at, within);
    if (!before) return err({ code: 'closed', state: 'withdrawn', because: 'It is no longer kept.' });
    const taken = (await responses.taken([before], within)).get(suggestionId) ?? null;
    const result = responded(before, given, at, { by: memberId, taken });
    if (!result.ok) return result;
    const { state, expiresAt, raisesEpoch, repeated } = result.value;
    if (repeated) return ok({ suggestion: before, responseId: taken?.responseId ?? null, undoUntil: null });
    const response = responseOf(given, { responseId: ids.next(), memberId, respondedAt: at });
    const after: Suggestion = {
      ...before,
      state,
      expiresAt,
      changedAt: at,
      snoozedUntil: given.until ?? null,
      because: given.kind === 'dismissed' ? (given.reason ?? 'other') : null,
      closing:
        given.kind === 'dismissed' ? { code: 'dismissed', args: { reason: given.reason ?? 'other' } } : null,
    };
    await this.write(response, before, after, within);
    if (raisesEpoch) await gate.raisePolicyEpoch([accountId], within);
    return ok({ suggestion: after, responseId: response.responseId, undoUntil: undoUntil(at) });
  }

  /** Takes a response back; null when the suggestion has no such response. Taking it back twice changes nothing. */
  undo(
    { accountId, suggestionId }: Suggestion,
    responseId: string,
    memberId: MemberId | null,
  ): Promise<Result<Suggestion, UndoRefused> | null> {
    const { transactions, gate, book, responses, outbox, clock, ids } = this.parts;
    return transactions.run(async (within) => {
      await gate.lock([accountId], within);
      const at = clock.now();
      const now = await book.find(suggestionId, at, within);
      const response = await responses.find(suggestionId, responseId, within);
      if (!now || !response) return null;
      const result = undone(now, response, at, memberId);
      if (!result.ok) return result;
      const { state, expiresAt, snoozedUntil, raisesEpoch, repeated } = result.value;
      if (repeated) return ok(now);
      const after: Suggestion = {
        ...now,
        state,
        expiresAt,
        snoozedUntil,
        because: null,
        closing: null,
        changedAt: at,
      };
      if (!(await responses.undo(response, after, memberId, within)))
        return err({ code: 'changed', state: now.state, because: 'The same was suggested again since.' });
      if (response.reviewTaskId !== null)
        await this.parts.reviews.cancel(response.reviewTaskId, memberId, at, within);
      if (response.kind === 'completed') await this.parts.inbox.notice([accountId], within);
      if (raisesEpoch) await gate.raisePolicyEpoch([accountId], within);
      await outbox.put(
        undoneMessages(after, response, memberId, () => `msg_${ids.next()}`),
        within,
      );
      return ok(after);
    });
  }

  private async write(
    response: SuggestionResponse,
    before: Suggestion,
    after: Suggestion,
    within: Transaction,
  ): Promise<void> {
    const { responses, book, close, reviews, outbox, ids } = this.parts;
    const messages: Message[] = respondedMessages(response, after, () => `msg_${ids.next()}`);
    const reason = reasonOf(response);
    const effect = reason && dismissalEffects[reason];
    const taskId = effect?.reviewBy ? await reviews.open(before, response, effect.reviewBy, within) : null;
    await responses.record(
      [{ response, before, after, ...(effect?.reviewBy ? { review: { state: 'open', taskId } } : {}) }],
      within,
    );
    if (effect?.closes) {
      const others = closedWith(
        effect,
        before,
        await book.standingOf([before.accountId], response.respondedAt, within),
      );
      const code = effect.closes === 'the action for the account' ? 'called-not-compliant' : 'done-already';
      await close.withdraw(
        others.map((suggestion) => ({ suggestion, because: { code, args: {} } })),
        response.respondedAt,
        within,
      );
    }
    if (response.kind === 'completed') await this.parts.inbox.notice([before.accountId], within);
    await outbox.put(messages, within);
  }
}

/** As which dismissal it counts; null: as none. */
function reasonOf({ kind, reason }: SuggestionResponse): DismissalReason | null {
  if (kind === 'completed') return 'already-done';
  return kind === 'dismissed' ? (reason ?? 'other') : null;
}

function responseOf(
  { kind, reason, until, note }: GivenResponse,
  said: Pick<SuggestionResponse, 'responseId' | 'memberId' | 'respondedAt'>,
): SuggestionResponse {
  return { ...said, kind, reason: reason ?? null, until: until ?? null, note: note ?? null };
}

function undoUntil(at: Date): Date {
  return new Date(at.getTime() + UNDO_MINUTES * MINUTE);
}
