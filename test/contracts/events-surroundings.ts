import type { DataSource } from 'typeorm';
import { TriggerRuleSet } from '../../src/alerts/index.js';
import type { AccountId } from '../../src/catalogue/index.js';
import { PostgresAccounts } from '../../src/catalogue/accounts.postgres.js';
import type { ConsentFact } from '../../src/consent/index.js';
import { PostgresConsentLedger } from '../../src/consent/consent-ledger.postgres.js';
import type { IncomingItem } from '../../src/events/index.js';
import { PostgresEventLog } from '../../src/events/event-log.postgres.js';
import { PostgresIdentityStore } from '../../src/events/identity/identity-store.postgres.js';
import { PostgresTraitStore } from '../../src/events/identity/traits.postgres.js';
import { PostgresEventLedger } from '../../src/events/ledger.postgres.js';
import { PostgresQuarantine } from '../../src/events/quarantine/quarantine.postgres.js';
import { PostgresThreadLog } from '../../src/events/threads/thread-log.postgres.js';
import { PostgresTouchLog } from '../../src/events/touches/touch-log.postgres.js';
import { compileFeatureSet, standardFeatures } from '../../src/features/index.js';
import { PostgresFeatureStore } from '../../src/features/store/feature-store.postgres.js';
import { ManualClock } from '../../src/shared/index.js';
import { FoldEvents } from '../../src/workflows/ingest-events-fold.js';
import { FollowContacts } from '../../src/workflows/ingest-events-follow-contacts.js';
import { Identification } from '../../src/workflows/ingest-events-identity.js';
import { invalidateStates, PostgresAccountRows } from '../../src/workflows/ingest-events.postgres.js';
import { IngestEvents } from '../../src/workflows/ingest-events.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { catalogueOn, channel } from './catalogue-surroundings.js';

export const NOW = new Date('2026-03-02T09:00:00Z');
const timeZone = 'Europe/Berlin';
const featureSet = compileFeatureSet(standardFeatures);

/** The way into the log over a database, without HTTP; a process of its own each time. */
export function ingestionOn(database: DataSource) {
  const clock = new ManualClock(NOW);
  const { transactions, catalogues, editor } = catalogueOn(database);
  const accounts = new PostgresAccounts(database);
  const log = new PostgresEventLog(database);
  const consents = new PostgresConsentLedger(database);
  const identities = new PostgresIdentityStore();
  const touches = new PostgresTouchLog(database);
  const threads = new PostgresThreadLog(database);
  const ledger = new PostgresEventLedger(database);
  const store = new PostgresFeatureStore({ database, featureSet, log, accounts, timeZone });
  const rows = new PostgresAccountRows();
  const moves = new FollowContacts({
    identities,
    consents,
    suggestions: { of: async () => [], close: async () => undefined },
    clock,
    invalidate: invalidateStates,
  });
  const applyConsent = (facts: readonly ConsentFact[], within: Parameters<typeof consents.append>[1]) =>
    consents.append(facts, within);
  const ingest = new IngestEvents({
    transactions,
    clock,
    catalogues,
    ledger,
    identification: new Identification(identities, accounts),
    identities,
    traits: new PostgresTraitStore(),
    touches,
    threads,
    rows,
    fold: new FoldEvents({ log, features: featureSet, store, rows, timeZone }),
    moves,
    triggers: { rules: async () => new TriggerRuleSet(0, []), run: async () => undefined },
    applyConsent,
  });
  const quarantine = new PostgresQuarantine(database);
  return {
    clock,
    editor,
    accounts,
    log,
    consents,
    touches,
    threads,
    ledger,
    store,
    ingest,
    moves,
    transactions,
    quarantine,
    catalogues,
    identities,
  };
}

export type Ingestion = ReturnType<typeof ingestionOn>;

let counter = 0;

/** An event as a sender tells it; each with a messageId of its own unless it has one. */
export function told(
  item: Partial<IncomingItem> & { name?: string; kind?: IncomingItem['kind'] },
): IncomingItem {
  counter += 1;
  return {
    kind: 'event',
    messageId: `message-${counter}`,
    source: 'test',
    occurredAt: new Date(NOW.getTime() - 3_600_000),
    ...(item.kind === undefined || item.kind === 'event' ? { properties: {} } : { traits: {} }),
    ...item,
  } as IncomingItem;
}

type IngestOptions = Parameters<IngestEvents['run']>[1];

export const live = { origin: 'live', recordedBy: 'key', publicKey: false } as const;

/** Every feature of an account, of each of its contacts, as numbers that can be compared. */
export async function featuresOf(
  { store, accounts }: Ingestion,
  accountId: string,
  at = NOW,
): Promise<Record<string, number>> {
  const loaded = (await store.load([accountId as AccountId])).get(accountId as AccountId);
  const [dossier] = await accounts.dossiers([accountId as AccountId]);
  if (!loaded || !dossier) return {};
  const found: Record<string, number> = {};
  for (const contactId of [null, ...dossier.contacts.map((contact) => contact.contactId)]) {
    const readout = featureSet.read(loaded.state, contactId, at);
    for (const definition of featureSet.definitions) {
      const keys = definition.by === undefined ? [undefined] : readout.keys(definition.name);
      for (const key of keys) {
        const value = readout.value(definition.name, key);
        if (value !== undefined) found[`${contactId ?? '*'} ${definition.name} ${key ?? ''}`] = value;
      }
      if (definition.kind !== 'histogram') continue;
      readout.histogram(definition.name)?.forEach((share, hour) => {
        if (share !== 0) found[`${contactId ?? '*'} ${definition.name} ${hour}`] = share;
      });
    }
  }
  return found;
}

export async function everythingOf(database: DataSource, ingestion: Ingestion): Promise<unknown> {
  const query = (sql: string) => database.query<Record<string, unknown>[]>(sql);
  const accounts = await query(
    'select account_id, kind, name, time_zone, stub, attributes from accounts order by account_id',
  );
  const features: Record<string, Record<string, number>> = {};
  for (const { account_id } of accounts)
    features[String(account_id)] = await featuresOf(ingestion, String(account_id));
  return {
    accounts,
    features,
    contacts: await query(
      'select account_id, contact_id, name, email, time_zone, stub, attributes from contacts order by contact_id',
    ),
    events: await query(
      'select account_id, contact_id, event_id, name, occurred_at, properties from events order by event_id',
    ),
    touches: await query('select * from touches order by touch_id'),
    threads: await query('select * from threads order by account_id, conversation_id, kind'),
    quotes: await query('select * from quotes order by event_id, product_id'),
    // The ledger is append-only: a fact told before the contact joined its account stays under the old one too.
    consents: await query(
      `select fact.account_id, consent_id, contact_id, channel_id, purpose, status, effective_at
         from consent_facts as fact join contacts using (contact_id, account_id) order by consent_id`,
    ),
    anonymous: await query('select anonymous_id, event_id from anonymous_events order by event_id'),
  };
}

export async function emptyTables(database: DataSource): Promise<void> {
  await database.query(
    `truncate events, event_ledger, event_quarantine, anonymous_links, anonymous_events, touches, threads, quotes,
              trait_writes, accounts, contacts, account_state, account_team`,
  );
  await database.query('alter table consent_facts disable trigger all');
  await database.query('truncate consent_facts');
  await database.query('alter table consent_facts enable trigger all');
}

/** A database of its own with four channels, and the way into its log. */
export async function startEvents(): Promise<EventsOnDatabase> {
  const test = await createTestDatabase();
  const channels = [
    channel('letters', { kind: 'mail' }),
    channel('mail-a'),
    channel('mail-b'),
    channel('phone', { kind: 'call', performedBy: 'account-manager', consent: 'opt-out' }),
  ];
  await ingestionOn(test.database).editor.put('channels', channels, 'test');
  return new EventsOnDatabase(test);
}

export class EventsOnDatabase {
  ingestion: Ingestion;

  constructor(private readonly test: TestDatabase) {
    this.ingestion = ingestionOn(test.database);
  }

  /** One more process, which takes events at the same time. */
  another(): Ingestion {
    return ingestionOn(this.test.database);
  }

  take(items: readonly IncomingItem[], as: IngestOptions = live) {
    return this.ingestion.ingest.run(items, as);
  }

  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.test.database.query<Row[]>(sql, parameters);
  }

  /** Account of each contact. */
  async homes(): Promise<Record<string, string>> {
    const contacts = await this.query<{ contact_id: string; account_id: string }>('select * from contacts');
    return Object.fromEntries(contacts.map(({ contact_id, account_id }) => [contact_id, account_id]));
  }

  async logged(accountId: string) {
    return (await this.ingestion.log.ofAccounts([accountId as AccountId])).get(accountId as AccountId) ?? [];
  }

  features(accountId: string): Promise<Record<string, number>> {
    return featuresOf(this.ingestion, accountId);
  }

  /** Empty tables, and a process that remembers nothing. */
  async forget(): Promise<void> {
    await emptyTables(this.test.database);
    this.ingestion = this.another();
  }

  close(): Promise<void> {
    return this.test.close();
  }
}
