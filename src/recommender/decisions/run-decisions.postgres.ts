import type { AccountId } from '../../catalogue/index.js';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import { DECISION_COLUMNS, type DecisionRow, toOutline } from './decision-log.postgres.js';
import type { DecisionId, DecisionOutline } from './decision.js';
import { type DecisionEffect, RunDecisions, type RunRange } from './run-decisions.js';

export class PostgresRunDecisions extends RunDecisions {
  async of(range: RunRange, within: Transaction): Promise<DecisionOutline[]> {
    const rows = await managerOf(within).query<DecisionRow[]>(
      `select ${DECISION_COLUMNS} from decisions d
        where d.decided_at = $1 and ($2::text is null or d.account_id > $2) and d.account_id <= $3 and d.run_id = $4
          and not exists (select from decision_effects e where e.account_id = d.account_id and e.decision_id = d.decision_id)
        order by d.account_id`,
      [range.asOf, range.afterAccount, range.lastAccount, range.runId],
    );
    return rows.map(toOutline);
  }

  async settle(
    decisions: readonly { accountId: AccountId; decisionId: DecisionId; effect: DecisionEffect }[],
    runId: string,
    at: Date,
    within: Transaction,
  ): Promise<void> {
    if (decisions.length === 0) return;
    await managerOf(within).query(
      `insert into decision_effects (account_id, decision_id, effect, run_id, at)
       select d.account_id, d.decision_id, d.effect, $4, $5
         from unnest($1::text[], $2::text[], $3::text[]) as d(account_id, decision_id, effect)`,
      [
        decisions.map(({ accountId }) => accountId),
        decisions.map(({ decisionId }) => decisionId),
        decisions.map(({ effect }) => effect),
        runId,
        at,
      ],
    );
  }
}
