import type { Transaction } from '../shared/index.js';
import { managerOf } from './transactions.postgres.js';

/** The row of an account that everybody locks who changes its past: see docs/architecture.md, "One order of locks". */
export interface LockedAccount {
  accountId: string;
  /** Rises with every consent fact, hold, quote, touch and dismissal. */
  policyEpoch: number;
  /** Rises with every fold of events into the state. */
  stateSequence: number;
  featureSet: string | null;
  state: Buffer | null;
}

interface Row {
  account_id: string;
  policy_epoch: string;
  state_sequence: string;
  feature_set: string | null;
  state: Buffer | null;
}

const read = (row: Row): LockedAccount => ({
  accountId: row.account_id,
  policyEpoch: Number(row.policy_epoch),
  stateSequence: Number(row.state_sequence),
  featureSet: row.feature_set,
  state: row.state,
});

const COLUMNS = 'account_id, policy_epoch, state_sequence, feature_set, state';

/** Locks the accounts in order of id until the transaction ends. Accounts without a state row are left out. */
export async function lockAccounts(
  accountIds: readonly string[],
  within: Transaction,
): Promise<Map<string, LockedAccount>> {
  const rows = await managerOf(within).query<Row[]>(
    `select ${COLUMNS} from account_state where account_id = any($1) order by account_id for update`,
    [[...new Set(accountIds)]],
  );
  return new Map(rows.map((row) => [row.account_id, read(row)]));
}

/**
 * Of these accounts, those that nobody is changing: nobody will until the transaction ends, which must be soon. `busy` are
 * the others; an account without a state row is neither. Waits for nobody.
 */
export async function holdFree(
  accountIds: readonly string[],
  within: Transaction,
): Promise<{ free: string[]; busy: string[] }> {
  const rows = await managerOf(within).query<{ account_id: string; free: boolean }[]>(
    `with free as (
       select account_id from account_state where account_id = any($1) for key share skip locked)
     select s.account_id, f.account_id is not null as free
       from account_state s left join free f using (account_id) where s.account_id = any($1)`,
    [[...new Set(accountIds)]],
  );
  const of = (free: boolean) => rows.filter((row) => row.free === free).map((row) => row.account_id);
  return { free: of(true), busy: of(false) };
}

/** Says that what the contact policy reads of these accounts has changed. The accounts must be locked. */
export async function raisePolicyEpoch(accountIds: readonly string[], within: Transaction): Promise<void> {
  if (accountIds.length === 0) return;
  await managerOf(within).query(
    'update account_state set policy_epoch = policy_epoch + 1 where account_id = any($1)',
    [[...new Set(accountIds)]],
  );
}

export interface StateChange {
  accountId: string;
  featureSet: string;
  state: Buffer;
  /** Events of this batch change what the policy reads. */
  raisesEpoch: boolean;
}

/** Writes folded states and raises their sequence, in one statement. The accounts must be locked. */
export async function saveStates(changes: readonly StateChange[], within: Transaction): Promise<void> {
  if (changes.length === 0) return;
  await managerOf(within).query(
    `update account_state as s
        set state = c.state, feature_set = c.feature_set, state_sequence = s.state_sequence + 1,
            policy_epoch = s.policy_epoch + c.raises
       from unnest($1::text[], $2::bytea[], $3::text[], $4::int[]) as c(account_id, state, feature_set, raises)
      where s.account_id = c.account_id`,
    [
      changes.map((change) => change.accountId),
      changes.map((change) => change.state),
      changes.map((change) => change.featureSet),
      changes.map((change) => (change.raisesEpoch ? 1 : 0)),
    ],
  );
}
