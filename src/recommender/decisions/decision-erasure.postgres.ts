import type { AccountId, ContactId } from '../../catalogue/index.js';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import type { Decision, DecisionId } from './decision.js';
import { DecisionErasure } from './decision-erasure.js';
import { DECISION_COLUMNS, type DecisionRow, toDecision } from './decision-log.postgres.js';

/** Records read at once: 2 kB each on average. */
const AT_ONCE = 500;

export class PostgresDecisionErasure extends DecisionErasure {
  async forget(contactId: ContactId, accountIds: readonly AccountId[], within: Transaction): Promise<number> {
    let forgotten = 0;
    for (const accountId of accountIds) {
      let last: Decision | undefined;
      do {
        const page = await this.page(accountId, last, within);
        last = page.length === AT_ONCE ? page.at(-1) : undefined;
        const hers = page.filter((decision) => names(decision, contactId));
        forgotten += await this.remove(hers, within);
      } while (last);
    }
    return forgotten;
  }

  private async page(
    accountId: AccountId,
    after: Decision | undefined,
    within: Transaction,
  ): Promise<Decision[]> {
    const rows = await managerOf(within).query<DecisionRow[]>(
      `select ${DECISION_COLUMNS} from decisions d
        where d.account_id = $1 and ($2::timestamptz is null or (d.decided_at, d.decision_id) > ($2, $3))
        order by d.decided_at, d.decision_id limit $4`,
      [accountId, after?.decidedAt ?? null, after?.decisionId ?? null, AT_ONCE],
    );
    return rows.map(toDecision);
  }

  private async remove(decisions: readonly Decision[], within: Transaction): Promise<number> {
    if (decisions.length === 0) return 0;
    const ids = decisions.map(({ decisionId }): DecisionId => decisionId);
    await managerOf(within).query(
      `delete from decisions where account_id = $1 and decided_at = any($2) and decision_id = any($3)`,
      [decisions[0]?.accountId, decisions.map(({ decidedAt }) => decidedAt), ids],
    );
    return decisions.length;
  }
}

/** A person-account's decisions are all about her. */
function names({ accountId, question, arms, suggestions }: Decision, contactId: ContactId): boolean {
  return (
    (accountId as string) === contactId ||
    question.contactId === contactId ||
    arms.some(({ candidate }) => candidate?.contactId === contactId) ||
    suggestions.some((placed) => placed.contactId === contactId)
  );
}
