import type { DataSource } from 'typeorm';
import type { AccountId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import type { Suggestion } from './suggestion.js';
import { SuggestionBook, type SuggestionQuery } from './suggestion-book.js';
import { columnTypes, suggestionFrom, type SuggestionRow } from './suggestion-rows.js';

const STANDING = `('open', 'seen', 'accepted', 'snoozed')`;

/** State as it is at a time ($1): expiry and the end of a snooze happen by themselves. */
const STATE_AT = `case when s.state in ('open', 'seen', 'snoozed') and s.expires_at <= $1 then 'expired'
                       when s.state = 'snoozed' and s.snoozed_until <= $1 then 'open' else s.state end`;
const COLUMNS = Object.keys(columnTypes)
  .map((column) => (column === 'state' ? `${STATE_AT} as state` : `s.${column}`))
  .join(', ');

export class PostgresSuggestionBook extends SuggestionBook {
  constructor(private readonly database: DataSource) {
    super();
  }

  async page(query: SuggestionQuery): Promise<Suggestion[]> {
    const values: unknown[] = [query.at];
    const conditions: string[] = [];
    const where = (condition: (place: string) => string, value: unknown): void => {
      if (value === undefined) return;
      values.push(value);
      conditions.push(condition(`$${values.length}`));
    };
    const assigned = (place: string) =>
      `exists (select from account_team t where t.account_id = s.account_id and t.member_id = ${place})`;
    where((place) => `s.account_id = ${place}`, query.accountId);
    where((place) => `(s.member_id = ${place} or ${assigned(place)})`, query.memberId);
    where(assigned, query.seenBy);
    where((place) => `(${STATE_AT}) = ${place}`, query.state);
    where((place) => `s.run_id = ${place}`, query.runId);
    where((place) => `s.changed_at >= ${place}`, query.changedSince);
    if (query.after) {
      values.push(query.after.priority, query.after.suggestionId);
      conditions.push(
        `(-s.priority, s.suggestion_id) > (-($${values.length - 1}::float8), $${values.length})`,
      );
    }
    values.push(query.limit + 1);
    const rows = await this.database.query<SuggestionRow[]>(
      `select ${COLUMNS} from suggestions s ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
        order by s.priority desc, s.suggestion_id limit $${values.length}`,
      values,
    );
    return rows.map(suggestionFrom);
  }

  async find(suggestionId: SuggestionId, at: Date, within?: Transaction): Promise<Suggestion | null> {
    const [row] = await (within ? managerOf(within) : this.database).query<SuggestionRow[]>(
      `select ${COLUMNS} from suggestions s where s.suggestion_id = $2`,
      [at, suggestionId],
    );
    return row ? suggestionFrom(row) : null;
  }

  async byIds(ids: readonly SuggestionId[], at: Date): Promise<Suggestion[]> {
    if (ids.length === 0) return [];
    const rows = await this.database.query<SuggestionRow[]>(
      `select ${COLUMNS} from suggestions s where s.suggestion_id = any($2)`,
      [at, ids],
    );
    const found = new Map(rows.map((row) => [row.suggestion_id, suggestionFrom(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  async standingOf(accountIds: readonly AccountId[], at: Date): Promise<Suggestion[]> {
    const rows = await this.database.query<SuggestionRow[]>(
      `select ${COLUMNS} from suggestions s
        where s.account_id = any($2) and s.state in ${STANDING} and (${STATE_AT}) <> 'expired'`,
      [at, accountIds],
    );
    return rows.map(suggestionFrom);
  }
}
