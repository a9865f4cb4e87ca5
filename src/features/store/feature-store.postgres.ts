import type { DataSource } from 'typeorm';
import type { AccountId, Accounts } from '../../catalogue/index.js';
import { lockAccounts, managerOf, saveStates } from '../../database/index.js';
import type { EventLog } from '../../events/index.js';
import type { Transaction } from '../../shared/index.js';
import type { AccountState, FeatureSet } from '../feature-set.js';
import { timeZonesOf } from '../time-zones.js';
import { FeatureStore, type LoadedState, type StoredState } from './feature-store.js';

interface Row {
  account_id: string;
  policy_epoch: string;
  state_sequence: string;
  feature_set: string | null;
  state: Buffer | null;
}

/** Logs of so many accounts are in memory at once. */
const LOGS_AT_ONCE = 100;

export interface FeatureStoreParts {
  database: DataSource;
  featureSet: FeatureSet;
  log: EventLog;
  accounts: Accounts;
  /** IANA zone of contacts and accounts without one. */
  timeZone: string;
}

export class PostgresFeatureStore extends FeatureStore {
  constructor(private readonly parts: FeatureStoreParts) {
    super();
  }

  async load(accountIds: readonly AccountId[], within?: Transaction): Promise<Map<AccountId, LoadedState>> {
    const over = within ? managerOf(within) : this.parts.database;
    const rows = await over.query<Row[]>(
      `select account_id, policy_epoch, state_sequence, feature_set, state
         from account_state where account_id = any($1)`,
      [accountIds],
    );
    const states = await this.states(
      rows.map((row) => ({ accountId: row.account_id, featureSet: row.feature_set, state: row.state })),
      within,
    );
    return new Map(
      rows.map((row) => {
        const accountId = row.account_id as AccountId;
        const state = states.get(accountId) ?? this.parts.featureSet.empty();
        const policyEpoch = Number(row.policy_epoch);
        return [accountId, { state, policyEpoch, stateSequence: Number(row.state_sequence) }];
      }),
    );
  }

  async statesOf(
    accounts: readonly StoredState[],
    within: Transaction,
  ): Promise<Map<AccountId, AccountState>> {
    return this.states(accounts, within);
  }

  async rebuild(accountIds: readonly AccountId[], within: Transaction): Promise<number> {
    const locked = [...(await lockAccounts(accountIds, within)).keys()] as AccountId[];
    const { featureSet } = this.parts;
    const states = await this.fromLog(locked, within);
    await saveStates(
      [...states].map(([accountId, state]) => ({
        accountId,
        featureSet: featureSet.version,
        state: featureSet.encode(state),
        raisesEpoch: false,
      })),
      within,
    );
    return locked.length;
  }

  async outdated(after: AccountId | null, limit: number): Promise<AccountId[]> {
    const rows = await this.parts.database.query<{ account_id: AccountId }[]>(
      `select account_id from account_state
        where feature_set is distinct from $1 and account_id > coalesce($2, '')
        order by account_id limit $3`,
      [this.parts.featureSet.version, after, limit],
    );
    return rows.map((row) => row.account_id);
  }

  private async states(
    accounts: readonly StoredState[],
    within: Transaction | undefined,
  ): Promise<Map<AccountId, AccountState>> {
    const { featureSet } = this.parts;
    const states = new Map<AccountId, AccountState>();
    const missing: AccountId[] = [];
    for (const account of accounts) {
      const accountId = account.accountId as AccountId;
      if (account.state && account.featureSet === featureSet.version)
        states.set(accountId, featureSet.decode(account.state, account.featureSet));
      else missing.push(accountId);
    }
    for (const [accountId, state] of await this.fromLog(missing, within)) states.set(accountId, state);
    return states;
  }

  private async fromLog(
    accountIds: readonly AccountId[],
    within: Transaction | undefined,
  ): Promise<Map<AccountId, AccountState>> {
    const { accounts, featureSet, log, timeZone } = this.parts;
    const states = new Map<AccountId, AccountState>();
    for (let from = 0; from < accountIds.length; from += LOGS_AT_ONCE) {
      const some = accountIds.slice(from, from + LOGS_AT_ONCE);
      const events = await log.ofAccounts(some, undefined, within);
      const dossiers = await accounts.dossiers([...events.keys()], within);
      const byId = new Map(dossiers.map((dossier) => [dossier.account.accountId, dossier]));
      for (const accountId of some) {
        const state = featureSet.empty();
        const zoneOf = timeZonesOf(byId.get(accountId), timeZone);
        for (const event of events.get(accountId) ?? [])
          featureSet.fold(state, event, { timeZone: zoneOf(event.contactId) });
        states.set(accountId, state);
      }
    }
    return states;
  }
}
