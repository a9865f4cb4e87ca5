import type { AccountId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import type { ClosingReason } from './closing.js';
import { type StandingSuggestion, StandingSuggestions } from './suggestion.js';
import { columnTypes, suggestionFrom, type ReadSuggestionRow } from './suggestion-rows.js';
import { wordClosing } from './wording/word-closing.js';

export class PostgresStandingSuggestions extends StandingSuggestions {
  async of(accountIds: readonly AccountId[], within: Transaction): Promise<StandingSuggestion[]> {
    const rows = await managerOf(within).query<ReadSuggestionRow[]>(
      `select ${Object.keys(columnTypes).join(', ')}, closing from suggestions
        where account_id = any($1) and state in ('open', 'seen', 'accepted', 'snoozed')
        order by account_id, suggestion_id`,
      [accountIds],
    );
    return rows.map(suggestionFrom);
  }

  async close(
    suggestions: readonly { accountId: AccountId; suggestionId: SuggestionId }[],
    state: 'withdrawn' | 'superseded' | 'expired',
    because: ClosingReason,
    at: Date,
    within: Transaction,
  ): Promise<void> {
    if (suggestions.length === 0) return;
    await managerOf(within).query(
      `update suggestions s set state = $3, because = $4, closing = $6::jsonb, changed_at = $5
         from unnest($1::text[], $2::text[]) as given(account_id, suggestion_id)
        where s.account_id = given.account_id and s.suggestion_id = given.suggestion_id
          and s.state in ('open', 'seen', 'accepted', 'snoozed')`,
      [
        suggestions.map(({ accountId }) => accountId),
        suggestions.map(({ suggestionId }) => suggestionId),
        state,
        wordClosing(because),
        at,
        JSON.stringify(because),
      ],
    );
  }
}
