import type { AccountId, ActionId, Catalogue, ChannelId, ContactId, ProductId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import { EVENT_COLUMNS, eventFrom, type EventRow } from '../events/index.js';
import type { CarriedOut } from '../outcomes/index.js';
import type { DecisionId, SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import { type AccountPast, AccountPasts } from './learn-account-pasts.js';

interface SuggestionRow {
  account_id: string;
  suggestion_id: string;
  decision_id: string;
  decided_at: Date;
  contact_id: string;
  action_id: string;
  channel_id: string;
  product_id: string | null;
  rank: number;
  propensity: number;
  value: number;
  completed_at: Date | null;
}

const EVENTS = `
  select ${EVENT_COLUMNS} from events
   where account_id = any($1) and occurred_at >= $2 and name = any($3)
   order by account_id, occurred_at, event_id`;

const SUGGESTIONS = `
  select s.account_id, s.suggestion_id, s.decision_id, s.decided_at, s.contact_id, s.action_id, s.channel_id,
         s.product_id, s.rank, s.propensity, s.value,
         (select min(r.responded_at) from responses r
           where r.account_id = s.account_id and r.suggestion_id = s.suggestion_id and r.kind = 'completed'
             and r.undone_at is null)
           as completed_at
    from suggestions s
   where s.account_id = any($1) and s.decided_at >= $2`;

export class PostgresAccountPasts extends AccountPasts {
  async of(
    accountIds: readonly AccountId[],
    { since, eventNames, catalogue }: { since: Date; eventNames: readonly string[]; catalogue: Catalogue },
    within: Transaction,
  ): Promise<AccountPast[]> {
    const manager = managerOf(within);
    const events = await manager.query<EventRow[]>(EVENTS, [accountIds, since, eventNames]);
    const suggestions = await manager.query<SuggestionRow[]>(SUGGESTIONS, [accountIds, since]);
    const pasts = new Map(
      accountIds.map((accountId): [string, AccountPast] => [
        accountId,
        { accountId, events: [], suggestions: [] },
      ]),
    );
    for (const row of events) pasts.get(row.account_id)?.events.push(eventFrom(row));
    for (const row of suggestions) {
      const outcomeId = catalogue.actions.get(row.action_id as ActionId)?.outcomeId;
      if (outcomeId !== undefined)
        pasts.get(row.account_id)?.suggestions.push({ ...suggestionOf(row), outcomeId });
    }
    return [...pasts.values()];
  }
}

function suggestionOf(row: SuggestionRow): Omit<CarriedOut, 'outcomeId'> {
  return {
    suggestionId: row.suggestion_id as SuggestionId,
    decisionId: row.decision_id as DecisionId,
    decidedAt: row.decided_at,
    contactId: row.contact_id as ContactId,
    actionId: row.action_id as ActionId,
    channelId: row.channel_id as ChannelId,
    productId: row.product_id as ProductId | null,
    rank: row.rank,
    propensity: row.propensity,
    offeredValue: row.value,
    completedAt: row.completed_at,
  };
}
