import type { DataSource } from 'typeorm';
import type { AccountId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import type { Suggestion, SuggestionState } from './suggestion.js';
import { SuggestionBook, type SuggestionQuery } from './suggestion-book.js';
import { COLUMNS, countsStatement, pageStatement, STATE_AT } from './suggestion-page.postgres.js';
import { type ReadSuggestionRow, suggestionFrom } from './suggestion-rows.js';

const STANDING = `('open', 'seen', 'accepted', 'snoozed')`;

export class PostgresSuggestionBook extends SuggestionBook {
  constructor(private readonly database: DataSource) {
    super();
  }

  async page(query: SuggestionQuery): Promise<Suggestion[]> {
    const { sql, values } = pageStatement(query);
    const rows = await this.database.query<ReadSuggestionRow[]>(sql, values);
    return rows.map(suggestionFrom);
  }

  async counts(
    query: Omit<SuggestionQuery, 'after' | 'sort' | 'limit'>,
  ): Promise<Map<SuggestionState, number>> {
    const { sql, values } = countsStatement(query);
    const rows = await this.database.query<{ state: SuggestionState; count: number }[]>(sql, values);
    return new Map(rows.map(({ state, count }) => [state, count]));
  }

  async find(suggestionId: SuggestionId, at: Date, within?: Transaction): Promise<Suggestion | null> {
    const [row] = await (within ? managerOf(within) : this.database).query<ReadSuggestionRow[]>(
      `select ${COLUMNS} from suggestions s where s.suggestion_id = $2`,
      [at, suggestionId],
    );
    return row ? suggestionFrom(row) : null;
  }

  async byIds(ids: readonly SuggestionId[], at: Date): Promise<Suggestion[]> {
    if (ids.length === 0) return [];
    const rows = await this.database.query<ReadSuggestionRow[]>(
      `select ${COLUMNS} from suggestions s where s.suggestion_id = any($2)`,
      [at, ids],
    );
    const found = new Map(rows.map((row) => [row.suggestion_id, suggestionFrom(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  async standingOf(accountIds: readonly AccountId[], at: Date, within?: Transaction): Promise<Suggestion[]> {
    const rows = await (within ? managerOf(within) : this.database).query<ReadSuggestionRow[]>(
      `select ${COLUMNS} from suggestions s
        where s.account_id = any($2) and s.state in ${STANDING} and (${STATE_AT}) <> 'expired'`,
      [at, accountIds],
    );
    return rows.map(suggestionFrom);
  }
}
