import type { AccountId, ContactId } from '../catalogue/index.js';
import {
  type AccountEvent,
  changesContactPolicy,
  type EventId,
  type EventLog,
  type Homes,
} from '../events/index.js';
import type { FeatureSet, FeatureStore, StoredState } from '../features/index.js';
import type { Transaction } from '../shared/index.js';
import type { AccountRows, FoldedRow } from './ingest-events-rows.js';

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
  locked: ReadonlyMap<string, StoredState>;
  homes: Homes;
  /** Accounts whose state cannot be folded further: their log itself has changed. */
  rebuild: ReadonlySet<AccountId>;
}

/** Appends events to the log and folds them into the states of their locked accounts. */
export class FoldEvents {
  constructor(private readonly parts: FoldParts) {}

  /** Gives the ids of events that were in the log already. */
  async fold({ events, locked, homes, rebuild }: ToFold, within: Transaction): Promise<Set<EventId>> {
    const { features, store, log, rows } = this.parts;
    const accounts = new Set(events.map((event) => event.accountId));
    const foldable = [...locked.values()].filter(({ accountId }) => {
      const id = accountId as AccountId;
      return accounts.has(id) && !rebuild.has(id);
    });
    const states = await store.statesOf(foldable, within);
    const known = await log.append(events, within);
    const anew = new Set(rebuild);
    if (known.size > 0) for (const event of events) if (known.has(event.eventId)) anew.add(event.accountId);
    const raising = new Set<AccountId>();
    for (const event of events) {
      if (changesContactPolicy(event.name)) raising.add(event.accountId);
      const state = states.get(event.accountId);
      if (state) features.fold(state, event, { timeZone: this.zoneOf(event, homes) });
    }
    const folded: FoldedRow[] = [];
    for (const [accountId, state] of states) {
      if (anew.has(accountId)) continue;
      const raisesEpoch = raising.has(accountId);
      folded.push({ accountId, featureSet: features.version, state: features.encode(state), raisesEpoch });
    }
    await rows.save(folded, within);
    if (anew.size > 0) {
      await store.rebuild([...anew], within);
      await rows.raiseEpoch([...anew], within);
    }
    return known;
  }

  private zoneOf({ contactId, accountId }: AccountEvent, homes: Homes): string {
    const home =
      contactId === null ? homes.accounts.get(accountId) : homes.contacts.get(contactId as ContactId);
    return home?.timeZone ?? this.parts.timeZone;
  }
}
