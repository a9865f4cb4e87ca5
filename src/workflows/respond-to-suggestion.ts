import type { MemberId } from '../catalogue/index.js';
import type { SuggestionId } from '../recommender/index.js';
import {
  type Clock,
  err,
  type Ids,
  ok,
  type Result,
  type Transaction,
  type Transactions,
} from '../shared/index.js';
import {
  type GivenResponse,
  responded,
  type ResponseRefused,
  type Suggestion,
  type SuggestionBook,
  type SuggestionChanges,
} from '../suggestions/index.js';
import type { DecisionGate } from './decision-gate.js';

export interface RespondParts {
  transactions: Transactions;
  gate: DecisionGate;
  book: SuggestionBook;
  changes: SuggestionChanges;
  clock: Clock;
  ids: Ids;
}

/** What an account manager says about a suggestion, recorded under the account's lock. */
export class RespondToSuggestion {
  constructor(private readonly parts: RespondParts) {}

  /** The suggestion as it stands, to see whose it is; null when there is none. */
  find(suggestionId: SuggestionId): Promise<Suggestion | null> {
    return this.parts.book.find(suggestionId, this.parts.clock.now());
  }

  /** The suggestion as it stands after the response. A response that was given before changes nothing. */
  run(
    suggestion: Suggestion,
    response: GivenResponse,
    memberId: MemberId | null,
  ): Promise<Result<Suggestion, ResponseRefused>> {
    return this.parts.transactions.run(async (within) => {
      await this.parts.gate.lock([suggestion.accountId], within);
      return this.within(suggestion, response, memberId, within);
    });
  }

  /** The same inside a transaction of somebody else, who has locked the account. */
  async within(
    { accountId, suggestionId }: Pick<Suggestion, 'accountId' | 'suggestionId'>,
    response: GivenResponse,
    memberId: MemberId | null,
    within: Transaction,
  ): Promise<Result<Suggestion, ResponseRefused>> {
    const { gate, book, changes, clock, ids } = this.parts;
    const at = clock.now();
    const suggestion = await book.find(suggestionId, at, within);
    if (!suggestion) return err({ code: 'closed', state: 'withdrawn', because: 'It is no longer kept.' });
    const result = responded(suggestion, response, at);
    if (!result.ok) return result;
    const { state, expiresAt, raisesEpoch, repeated } = result.value;
    if (repeated) return ok(suggestion);
    const after: Suggestion = {
      ...suggestion,
      state,
      expiresAt,
      changedAt: at,
      snoozedUntil: response.until ?? null,
    };
    const said = {
      responseId: ids.next(),
      kind: response.kind,
      reason: response.reason ?? null,
      until: response.until ?? null,
      note: response.note ?? null,
      memberId,
      respondedAt: at,
    };
    await changes.respond(after, said, state, within);
    if (raisesEpoch) await gate.raisePolicyEpoch([accountId], within);
    return ok(after);
  }
}
