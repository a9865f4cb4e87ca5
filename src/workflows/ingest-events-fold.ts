import type { AccountId } from '../catalogue/index.js';
import { type AccountEvent, changesContactPolicy, type EventId, type EventLog } from '../events/index.js';
import type { FeatureSet, FeatureStore } from '../features/index.js';
import type { Transaction } from '../shared/index.js';
import type { AccountRows, FoldedRow } from './ingest-events-rows.js';
import type { OpenAccount, OpenAccounts } from './ingest-events-warm.js';

export interface FoldParts {
  log: EventLog;
  features: FeatureSet;
  store: FeatureStore;
  rows: AccountRows;
  /** IANA zone of contacts and accounts without one. */
  timeZone: string;
}

export interface ToFold {
  events: readonly AccountEvent[];
  /** Learns the new states; loses the accounts that had to be folded anew. */
  opened: OpenAccounts;
  /** Accounts whose state cannot be folded further: their log itself has changed. */
  rebuild: ReadonlySet<AccountId>;
}

/** Appends events to the log and folds them into the states of their locked accounts. */
export class FoldEvents {
  constructor(private readonly parts: FoldParts) {}

  /** Version of the features that states are folded by. */
  get featureSet(): string {
    return this.parts.features.version;
  }

  /** Gives the ids of events that were in the log already. */
  async fold({ events, opened, rebuild }: ToFold, within: Transaction): Promise<Set<EventId>> {
    const { features, store, log, rows, timeZone } = this.parts;
    const anew = new Set(rebuild);
    const changed = new Set(events.map((event) => event.accountId));
    for (const accountId of anew) changed.delete(accountId);
    await this.readStates(changed, opened, within);
    const known = await log.append(events, within);
    const raising = new Set<AccountId>();
    for (const event of events) {
      const { accountId, contactId } = event;
      if (known.has(event.eventId)) anew.add(accountId);
      if (changesContactPolicy(event.name)) raising.add(accountId);
      const account = opened.get(accountId);
      if (!account?.state || anew.has(accountId)) continue;
      const zone = contactId === null ? account.timeZone : account.contacts.get(contactId);
      features.fold(account.state, event, { timeZone: zone ?? timeZone });
    }
    for (const accountId of anew) opened.delete(accountId);
    await rows.save(this.encoded(changed, raising, opened), within);
    if (anew.size > 0) {
      await store.rebuild([...anew], within);
      await rows.raiseEpoch([...anew], within);
    }
    return known;
  }

  private async readStates(
    accountIds: Iterable<AccountId>,
    opened: OpenAccounts,
    within: Transaction,
  ): Promise<void> {
    const missing = [...accountIds].filter((accountId) => !opened.get(accountId)?.state);
    if (missing.length === 0) return;
    const { store, rows } = this.parts;
    const states = await store.statesOf(await rows.states(missing, within), within);
    for (const [accountId, state] of states) {
      const account = opened.get(accountId);
      if (account) account.state = state;
    }
  }

  private encoded(
    changed: Iterable<AccountId>,
    raising: ReadonlySet<AccountId>,
    opened: OpenAccounts,
  ): FoldedRow[] {
    const { features } = this.parts;
    const folded: FoldedRow[] = [];
    for (const accountId of changed) {
      const account: OpenAccount | undefined = opened.get(accountId);
      if (!account?.state) continue;
      const state = features.encode(account.state);
      account.size = state.length;
      account.sequence += 1;
      folded.push({ accountId, featureSet: features.version, state, raisesEpoch: raising.has(accountId) });
    }
    return folded;
  }
}
