import type { DataSource } from 'typeorm';
import type { AccountId, ContactId, OutcomeId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { DecisionId, SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import { type Outcome, OutcomeLog } from './outcome.js';

interface Row {
  account_id: string;
  outcome_ref: string;
  outcome_id: string;
  contact_id: string | null;
  value: number | null;
  occurred_at: Date;
  recorded_at: Date;
  decision_id: string | null;
  suggestion_id: string | null;
}

const COLUMNS =
  'account_id, outcome_ref, outcome_id, contact_id, value, occurred_at, recorded_at, decision_id, suggestion_id';

const read = (row: Row): Outcome => ({
  outcomeRef: row.outcome_ref,
  outcomeId: row.outcome_id as OutcomeId,
  accountId: row.account_id as AccountId,
  contactId: row.contact_id as ContactId | null,
  value: row.value,
  occurredAt: row.occurred_at,
  recordedAt: row.recorded_at,
  decisionId: row.decision_id as DecisionId | null,
  suggestionId: row.suggestion_id as SuggestionId | null,
});

export class PostgresOutcomeLog extends OutcomeLog {
  constructor(private readonly database: DataSource) {
    super();
  }

  async append(outcome: Outcome, within: Transaction): Promise<boolean> {
    const rows = await managerOf(within).query<Row[]>(
      `insert into outcomes (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (account_id, outcome_ref) do nothing
       returning account_id`,
      [
        outcome.accountId,
        outcome.outcomeRef,
        outcome.outcomeId,
        outcome.contactId,
        outcome.value,
        outcome.occurredAt,
        outcome.recordedAt,
        outcome.decisionId,
        outcome.suggestionId,
      ],
    );
    return rows.length > 0;
  }

  async ofAccounts(accountIds: readonly AccountId[], until?: Date): Promise<Map<AccountId, Outcome[]>> {
    const rows = await this.database.query<Row[]>(
      `select ${COLUMNS} from outcomes
        where account_id = any($1) and occurred_at < coalesce($2::timestamptz, 'infinity')
        order by account_id, occurred_at, outcome_ref`,
      [accountIds, until ?? null],
    );
    const found = new Map<AccountId, Outcome[]>();
    for (const outcome of rows.map(read)) {
      const list = found.get(outcome.accountId);
      if (list) list.push(outcome);
      else found.set(outcome.accountId, [outcome]);
    }
    return found;
  }

  async find(accountId: AccountId, outcomeRef: string): Promise<Outcome | null> {
    const rows = await this.database.query<Row[]>(
      `select ${COLUMNS} from outcomes where account_id = $1 and outcome_ref = $2`,
      [accountId, outcomeRef],
    );
    return rows[0] ? read(rows[0]) : null;
  }
}
