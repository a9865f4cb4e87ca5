import type { TriggerRuleSet } from '../alerts/index.js';
import type { AccountId, Catalogue, Catalogues, ContactMoves, MemberId } from '../catalogue/index.js';
import {
  type AccountEvent,
  enrich,
  enrichmentWorld,
  type EventLedger,
  eventNames,
  type IdentityStore,
  type IncomingItem,
  type IngestAnswer,
  type TraitStore,
} from '../events/index.js';
import type { ConsentFact } from '../consent/index.js';
import type { Clock, Transaction, Transactions } from '../shared/index.js';
import { factsOfSignals, withdrawalsOf, withPrivacySignal } from './ingest-events-consent.js';
import { type ConsequenceParts, recordConsequences } from './ingest-events-consequences.js';
import {
  answersOf,
  type Entry,
  type IngestOptions,
  type RefusedEntry,
  sift,
  toEntries,
} from './ingest-events-entry.js';
import type { FoldEvents } from './ingest-events-fold.js';
import { type Identification, IdentityChanged } from './ingest-events-identity.js';
import { accountsToLock, type Placement, type Placing } from './ingest-events-placing.js';
import { BatchQueue } from './batch-queue.js';
import type { AccountRows } from './ingest-events-rows.js';
import { type OpenAccounts, WarmAccounts } from './ingest-events-warm.js';
import { writeTraits } from './ingest-events-traits.js';
import type { CheckTriggers } from './trigger-check.js';

export type { IngestOptions } from './ingest-events-entry.js';

/** Folds the items and records what follows from them; gives the events that are new. To be called once. */
export type TellItems = () => Promise<readonly AccountEvent[]>;

/** What happens in the transaction that takes items in, around `tell`: their accounts are locked. */
type Along = (tell: TellItems, within: Transaction) => Promise<unknown>;

export interface IngestParts extends ConsequenceParts {
  transactions: Transactions;
  clock: Clock;
  catalogues: Catalogues;
  ledger: EventLedger;
  identification: Identification;
  identities: IdentityStore;
  traits: TraitStore;
  rows: AccountRows;
  fold: FoldEvents;
  moves: ContactMoves;
  triggers: Pick<CheckTriggers, 'rules' | 'run'>;
}

/** What is declared, as it stood when the items came. */
interface Declared {
  catalogue: Catalogue;
  rules: TriggerRuleSet;
}

interface Batch {
  items: readonly IncomingItem[];
  options: IngestOptions;
}

interface Taken {
  fresh: ReadonlySet<Entry>;
  refused: RefusedEntry[];
  /** To be remembered once all is committed. */
  done: { placing: Placing; opened: OpenAccounts } | null;
}

const TRIES = 8;
const LANES = 2;
const GROUP_ITEMS = 1000;

/**
 * The way into the log: one transaction from deduplication to folded state, durable when it answers. Safe to repeat,
 * whatever the order, the batching and the company of the items.
 */
export class IngestEvents {
  private readonly queue = new BatchQueue<Batch, IngestAnswer>((batches) => this.takeGroup(batches), {
    lanes: LANES,
    groupItems: GROUP_ITEMS,
  });

  private readonly warm: WarmAccounts;

  constructor(private readonly parts: IngestParts) {
    this.warm = new WarmAccounts(parts.fold.featureSet);
  }

  /** Items that are waiting or being written: for backpressure. */
  get load(): number {
    return this.queue.load;
  }

  async run(items: readonly IncomingItem[], options: IngestOptions): Promise<IngestAnswer> {
    if (items.length === 0) return { accepted: 0, duplicates: 0, quarantined: [] };
    return this.queue.add({ items, options }, items.length);
  }

  /**
   * Takes items in and does something else in the same transaction. `work` finds the accounts of the items locked, and
   * calls `tell` once: before it nothing of them is folded, after it all is, with every consequence of theirs. Items that
   * came before are not told again; when all did, no account is locked. All of it may be tried again from the start.
   */
  async together<Value>(
    items: readonly IncomingItem[],
    options: IngestOptions,
    work: (tell: TellItems, within: Transaction) => Promise<Value>,
  ): Promise<Value> {
    const now = this.parts.clock.now();
    const entries = toEntries(items, options, 0, now);
    const declared = await this.declared();
    let made: { value: Value } | undefined;
    await this.untilIdentityHolds(entries, declared, now, async (tell, within) => {
      made = { value: await work(tell, within) };
    });
    if (!made) throw new Error('The work of a transaction was not done');
    return made.value;
  }

  private async declared(): Promise<Declared> {
    const { catalogues, triggers } = this.parts;
    const [catalogue, rules] = await Promise.all([catalogues.current(), triggers.rules()]);
    return { catalogue, rules };
  }

  private async takeGroup(batches: readonly Batch[]): Promise<IngestAnswer[]> {
    const now = this.parts.clock.now();
    const entries = batches.flatMap(({ items, options }, batch) => toEntries(items, options, batch, now));
    const taken = await this.untilIdentityHolds(entries, await this.declared(), now);
    return answersOf(
      batches.map(({ items }) => items.length),
      taken.fresh,
      taken.refused,
    );
  }

  private async untilIdentityHolds(
    entries: readonly Entry[],
    declared: Declared,
    now: Date,
    along: Along = (tell) => tell(),
  ): Promise<Taken> {
    const { transactions, identification } = this.parts;
    for (let tried = 1; ; tried += 1) {
      try {
        const taken = await transactions.run((within) => this.take(entries, declared, now, along, within));
        if (taken.done) {
          identification.remember(taken.done.placing);
          this.warm.putBack(taken.done.opened);
        }
        return taken;
      } catch (cause) {
        if (!(cause instanceof IdentityChanged) || tried === TRIES) throw cause;
        identification.forget(entries);
      }
    }
  }

  /** In the one order of locks: ledger, anonymous ids, accounts. */
  private async take(
    entries: readonly Entry[],
    declared: Declared,
    now: Date,
    along: Along,
    within: Transaction,
  ): Promise<Taken> {
    const { ledger, identification, rows } = this.parts;
    const { allowed, refused } = sift(entries);
    const claimed = await ledger.claim([...allowed.keys()], now, within);
    const fresh = [...allowed.values()].filter(({ key }) => claimed.has(key));
    if (fresh.length === 0) {
      await along(async () => [], within);
      return { fresh: new Set(), refused, done: null };
    }
    const placing = await identification.identify(fresh, now, within);
    const nobody = placing.placements.filter(withoutContact);
    const setAside = [...placing.refused, ...nobody.map(refusedForLackOfContact)];
    const placements = placing.placements.filter((placement) => !withoutContact(placement));
    await ledger.release(
      setAside.map(({ entry }) => entry.key),
      within,
    );
    const accountIds = accountsToLock({ ...placing, placements });
    const locked = await rows.lock(accountIds, within);
    if (locked.size < accountIds.length) throw new IdentityChanged('an account is gone');
    const opened = this.warm.open(locked);
    await along(() => this.record({ ...placing, placements }, opened, declared, within), within);
    const out = new Set(setAside.map(({ entry }) => entry));
    return {
      fresh: new Set(fresh.filter((entry) => !out.has(entry))),
      refused: [...refused, ...setAside],
      done: { placing, opened },
    };
  }

  private async record(
    placing: Placing,
    opened: OpenAccounts,
    { catalogue, rules }: Declared,
    within: Transaction,
  ): Promise<readonly AccountEvent[]> {
    const { identification, identities, moves, fold, traits, triggers } = this.parts;
    await identification.confirm(placing, opened, within);
    if (placing.moves.length > 0) {
      await moves.follow(placing.moves, within);
      await identities.settle(placing.moves, within);
    }
    const rezoned = await writeTraits(placing.placements, catalogue, traits, within);
    const rebuild = new Set([...rezoned, ...placing.moves.map(({ to }) => to)]);
    const events = placing.placements.flatMap((placement) => eventOf(placement, catalogue) ?? []);
    const known = await fold.fold({ events, opened, rebuild }, within);
    const added = known.size === 0 ? events : events.filter((event) => !known.has(event.eventId));
    const recorders = new Map(placing.placements.map(({ entry }) => [entry.key, entry.recordedBy]));
    const facts = added.flatMap((event) =>
      withdrawalsOf(event, catalogue, recorders.get(event.eventId) ?? 'system'),
    );
    const signalled = await this.signalled(added, catalogue, within);
    await recordConsequences(added, [...facts, ...signalled], catalogue, this.parts, within);
    const stateOf = (accountId: AccountId) => opened.get(accountId)?.state;
    await triggers.run(rules, { events: added, stateOf, catalogue }, within);
    return added;
  }

  private async signalled(
    events: readonly AccountEvent[],
    catalogue: Catalogue,
    within: Transaction,
  ): Promise<ConsentFact[]> {
    const signals = withPrivacySignal(events);
    if (signals.length === 0) return [];
    const accountIds = [...new Set(signals.map(({ accountId }) => accountId))];
    const known = (await this.parts.knownConsent?.(accountIds, within)) ?? new Map();
    return factsOfSignals(signals, catalogue, known, 'system');
  }
}

/** Consent is a contact's: a withdrawal that names none cannot be obeyed. */
function withoutContact({ entry: { item }, contactId }: Placement): boolean {
  return item.kind === 'event' && item.name === eventNames.unsubscribed && contactId === null;
}

function refusedForLackOfContact({ entry }: Placement): RefusedEntry {
  return { entry, pointer: '/contactId', reason: 'is required: whose consent is withdrawn?' };
}

function eventOf({ entry, contactId, accountId }: Placement, catalogue: Catalogue): AccountEvent | null {
  const { item, key, origin, recordedAt, fromBrowser } = entry;
  if (item.kind !== 'event') return null;
  return {
    eventId: key,
    source: item.source,
    messageId: item.messageId,
    name: item.name,
    accountId,
    contactId,
    anonymousId: item.anonymousId ?? null,
    memberId: (item.memberId ?? null) as MemberId | null,
    occurredAt: item.occurredAt,
    recordedAt,
    properties: enrich(item.name, item.properties, enrichmentWorld(catalogue)),
    origin,
    ...(fromBrowser ? { fromBrowser } : {}),
  };
}
