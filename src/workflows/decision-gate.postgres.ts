import type { DataSource, EntityManager } from 'typeorm';
import type { AccountId } from '../catalogue/index.js';
import { managerOf, raisePolicyEpoch } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { DecisionGate, type Standing } from './decision-gate.js';

interface Row {
  account_id: string;
  policy_epoch: string;
  state_sequence: string;
}

/** Rows of `account_state`, locked in the order of `lockAccounts` without reading their states. */
export class PostgresDecisionGate extends DecisionGate {
  constructor(private readonly database: DataSource) {
    super();
  }

  lock(accountIds: readonly AccountId[], within: Transaction): Promise<Map<AccountId, Standing>> {
    return this.read(managerOf(within), accountIds, 'order by account_id for update');
  }

  look(accountIds: readonly AccountId[]): Promise<Map<AccountId, Standing>> {
    return this.read(this.database, accountIds, '');
  }

  raisePolicyEpoch(accountIds: readonly AccountId[], within: Transaction): Promise<void> {
    return raisePolicyEpoch(accountIds, within);
  }

  private async read(
    over: DataSource | EntityManager,
    accountIds: readonly AccountId[],
    ending: string,
  ): Promise<Map<AccountId, Standing>> {
    const rows = await over.query<Row[]>(
      `select account_id, policy_epoch, state_sequence from account_state where account_id = any($1) ${ending}`,
      [[...new Set(accountIds)]],
    );
    return new Map(
      rows.map((row) => [
        row.account_id as AccountId,
        { policyEpoch: Number(row.policy_epoch), stateSequence: Number(row.state_sequence) },
      ]),
    );
  }
}
