import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresAccounts } from '../../src/catalogue/accounts.postgres.js';
import type { AccountId, ContactId } from '../../src/catalogue/index.js';
import { lockAccounts, PostgresTransactions, saveStates } from '../../src/database/index.js';
import { PostgresEventLog } from '../../src/events/event-log.postgres.js';
import type { AccountEvent, EventId } from '../../src/events/index.js';
import { compileFeatureSet, standardFeatures } from '../../src/features/index.js';
import { PostgresFeatureStore } from '../../src/features/store/feature-store.postgres.js';
import { addDays, TimeOrderedIds } from '../../src/shared/index.js';
import { RebuildAccount } from '../../src/workflows/rebuild-account.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const NOW = new Date('2026-03-02T09:00:00Z');
const ids = new TimeOrderedIds();
const featureSet = compileFeatureSet(standardFeatures);
const otherSet = compileFeatureSet(standardFeatures.slice(0, 20));

let own: TestDatabase;
let transactions: PostgresTransactions;
let log: PostgresEventLog;
let store: PostgresFeatureStore;
let rebuilding: RebuildAccount;

beforeAll(async () => {
  own = await createTestDatabase();
  const { database } = own;
  transactions = new PostgresTransactions(database);
  log = new PostgresEventLog(database);
  const accounts = new PostgresAccounts(database);
  store = new PostgresFeatureStore({ database, featureSet, log, accounts, timeZone: 'Europe/Berlin' });
  rebuilding = new RebuildAccount(transactions, store);
});
afterAll(() => own.close());

const sent = (accountId: AccountId, daysAgo: number): AccountEvent => ({
  eventId: ids.next() as EventId,
  source: 'test',
  messageId: ids.next(),
  name: 'Email Sent',
  accountId,
  contactId: accountId as string as ContactId,
  anonymousId: null,
  memberId: null,
  occurredAt: addDays(NOW, -daysAgo),
  recordedAt: addDays(NOW, -daysAgo),
  properties: { channel: 'email' },
  origin: 'live',
});

/** An account with so many e-mails in its log, and nothing folded. */
async function accountWith(name: string, emails: number): Promise<AccountId> {
  const accountId = name as AccountId;
  await transactions.run(async (within) => {
    const contactId = name as ContactId;
    await new PostgresAccounts(own.database).ensureStubs(
      { accounts: [{ accountId, kind: 'person' }], contacts: [{ accountId, contactId }] },
      within,
    );
    const events = Array.from({ length: emails }, (_, day) => sent(accountId, day + 1));
    await log.append(events, within);
  });
  return accountId;
}

async function touches(accountId: AccountId): Promise<number | undefined> {
  const state = (await store.load([accountId])).get(accountId)?.state ?? featureSet.empty();
  return featureSet.read(state, accountId as string as ContactId, NOW).value('touches');
}

async function saved(accountId: AccountId): Promise<{ feature_set: string | null; sequence: number }> {
  const [row] = await own.database.query<{ feature_set: string | null; sequence: string }[]>(
    'select feature_set, state_sequence as sequence from account_state where account_id = $1',
    [accountId],
  );
  return { feature_set: row?.feature_set ?? null, sequence: Number(row?.sequence) };
}

describe('the feature store', () => {
  it('folds the log of an account whose state is missing, and leaves out accounts that do not exist', async () => {
    const known = await accountWith('missing-state', 3);
    const loaded = await store.load([known, 'nobody' as AccountId]);
    expect([...loaded.keys()]).toEqual([known]);
    expect(loaded.get(known)).toMatchObject({ policyEpoch: 0, stateSequence: 0 });
    expect(await touches(known)).toBe(3);
  });

  it('gives a saved state as it was saved', async () => {
    const known = await accountWith('saved-state', 2);
    await rebuilding.rebuild(known);
    expect(await saved(known)).toEqual({ feature_set: featureSet.version, sequence: 1 });
    await own.database.query('delete from events where account_id = $1', [known]);
    expect(await touches(known)).toBe(2);
  });

  it('folds the log of an account whose state is of another feature set', async () => {
    const known = await accountWith('other-version', 4);
    const state = otherSet.encode(otherSet.empty());
    const change = { accountId: known, featureSet: otherSet.version, state, raisesEpoch: false };
    await transactions.run(async (within) => {
      await lockAccounts([known], within);
      await saveStates([change], within);
    });
    expect(await touches(known)).toBe(4);
  });

  it('gives locked states that new events are folded into once', async () => {
    const known = await accountWith('locked', 2);
    await transactions.run(async (within) => {
      const locked = await lockAccounts([known], within);
      const state = (await store.statesOf([...locked.values()], within)).get(known) ?? featureSet.empty();
      const event = sent(known, 0);
      await log.append([event], within);
      featureSet.fold(state, event, { timeZone: 'UTC' });
      await saveStates(
        [
          {
            accountId: known,
            featureSet: featureSet.version,
            state: featureSet.encode(state),
            raisesEpoch: false,
          },
        ],
        within,
      );
    });
    expect(await touches(known)).toBe(3);
    await rebuilding.rebuild(known);
    expect(await touches(known)).toBe(3);
  });
});

describe('a rebuild', () => {
  it('sees what its own transaction has appended', async () => {
    const known = await accountWith('rebuilt-inside', 1);
    await transactions.run(async (within) => {
      await lockAccounts([known], within);
      await log.append([sent(known, 0)], within);
      expect(await store.rebuild([known], within)).toBe(1);
    });
    expect(await touches(known)).toBe(2);
  });

  it('says when there is no such account', async () => {
    expect(await rebuilding.rebuild('nobody' as AccountId)).toBe(false);
  });

  it('of all that are outdated leaves none, and touches no other', async () => {
    const fresh = await accountWith('fresh', 1);
    await rebuilding.rebuild(fresh);
    const names = Array.from({ length: 60 }, (_, index) => `outdated-${index}`);
    for (const name of names) await accountWith(name, 1);
    const progress: number[] = [];
    const before = await store.outdated(null, 1000);
    expect(before).not.toContain(fresh);
    expect(await rebuilding.rebuildOutdated((done) => progress.push(done))).toBe(before.length);
    expect(progress.at(-1)).toBe(before.length);
    expect(await store.outdated(null, 1000)).toEqual([]);
    expect((await saved(fresh)).sequence).toBe(1);
  });
});
