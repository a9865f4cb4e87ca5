import type { DataSource, EntityManager } from 'typeorm';
import type { AccountId } from '../catalogue/index.js';
import { managerOf, type Prepared, prepared, raisePolicyEpoch } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { DecisionGate, type Standing } from './decision-gate.js';

interface Row {
  account_id: string;
  policy_epoch: string;
  state_sequence: string;
}

const STANDING = `
  select account_id, policy_epoch, state_sequence from account_state where account_id = any((select $1::text[])::text[])`;
const LOOK = { name: 'look-at-accounts', text: STANDING };
const LOCK = { name: 'lock-standing-accounts', text: `${STANDING} order by account_id for update` };

/** Rows of `account_state`, locked in the order of `lockAccounts` without reading their states. */
export class PostgresDecisionGate extends DecisionGate {
  constructor(private readonly database: DataSource) {
    super();
  }

  lock(accountIds: readonly AccountId[], within: Transaction): Promise<Map<AccountId, Standing>> {
    return read(managerOf(within), LOCK, accountIds);
  }

  look(accountIds: readonly AccountId[]): Promise<Map<AccountId, Standing>> {
    return read(this.database, LOOK, accountIds);
  }

  raisePolicyEpoch(accountIds: readonly AccountId[], within: Transaction): Promise<void> {
    return raisePolicyEpoch(accountIds, within);
  }
}

async function read(
  over: DataSource | EntityManager,
  statement: Prepared,
  accountIds: readonly AccountId[],
): Promise<Map<AccountId, Standing>> {
  const rows = await prepared<Row>(over, statement, [[...new Set(accountIds)]]);
  return new Map(
    rows.map((row) => [
      row.account_id as AccountId,
      { policyEpoch: Number(row.policy_epoch), stateSequence: Number(row.state_sequence) },
    ]),
  );
}
