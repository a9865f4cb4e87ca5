import type { DataSource } from 'typeorm';
import type { AccountId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { SuggestionId } from '../recommender/index.js';
import type { UnderWay } from './begin-touch.js';
import { type Ripe, RipeSuggestions } from './plan-touches.js';

/**
 * No slot is longer than a day: one that began before is over. What was accepted is planned even when its slot has just
 * ended, to be cancelled with that reason: it does not expire by itself.
 */
const RIPE = `
  select s.account_id, s.suggestion_id
    from suggestions s join accounts a on a.account_id = s.account_id
   where s.role = 'automatic' and s.state in ('open', 'seen', 'accepted')
     and s.slot_from <= $1 and s.slot_from > $1::timestamptz - interval '25 hours'
     and (s.state = 'accepted' or (s.slot_to > $1 and
       a.mode = 'automated' and s.expires_at > $1 and not exists (
         select from suggestions b
          where b.account_id = s.account_id and b.decision_id = s.decision_id and b.contact_id = s.contact_id
            and b.role = 'automatic' and b.rank < s.rank)))
     and not exists (
       select from touch_plans p join touches t on t.account_id = p.account_id and t.touch_id = p.touch_id
        where p.account_id = s.account_id and p.suggestion_id = s.suggestion_id and t.state <> 'cancelled')
   order by s.slot_from, s.suggestion_id limit $2`;

export class PostgresRipeSuggestions extends RipeSuggestions {
  constructor(private readonly database: DataSource) {
    super();
  }

  async at(at: Date, limit: number): Promise<Ripe[]> {
    const rows = await this.database.query<{ account_id: string; suggestion_id: string }[]>(RIPE, [
      at,
      limit,
    ]);
    return rows.map((row) => ({
      accountId: row.account_id as AccountId,
      suggestionId: row.suggestion_id as SuggestionId,
    }));
  }
}

/** As if somebody had accepted it: what is under way is neither suggested again nor replaced. */
export const underWay: UnderWay = async ({ accountId, suggestionId }, at, within) => {
  await managerOf(within).query(
    `update suggestions set state = 'accepted', changed_at = $3
      where account_id = $1 and suggestion_id = $2 and state in ('open', 'seen')`,
    [accountId, suggestionId, at],
  );
};
