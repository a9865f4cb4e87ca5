import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId, ContactId } from '../../src/catalogue/index.js';
import { PostgresAccounts } from '../../src/catalogue/accounts.postgres.js';
import { PostgresConsentLedger } from '../../src/consent/consent-ledger.postgres.js';
import {
  consentAllows,
  type ConsentFact,
  type ConsentId,
  type ConsentQuestion,
  type ConsentStatement,
} from '../../src/consent/index.js';
import { lockAccounts, PostgresTransactions } from '../../src/database/index.js';
import { type Message, Outbox } from '../../src/delivery/index.js';
import { PostgresTouchLog } from '../../src/events/touches/touch-log.postgres.js';
import { PostgresTouchPlans } from '../../src/events/touches/touch-plans.postgres.js';
import { addDays, ManualClock, TimeOrderedIds, type Transaction } from '../../src/shared/index.js';
import {
  type ClosingReason,
  type StandingSuggestion,
  StandingSuggestions,
  wordClosing,
} from '../../src/suggestions/index.js';
import { PostgresAccountLocks } from '../../src/workflows/account-locks.postgres.js';
import { CloseSuggestions } from '../../src/workflows/close-suggestions.js';
import { RecordConsent } from '../../src/workflows/record-consent.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { RememberedAudit } from '../support/remembered-audit.js';
import { catalogueOn, record } from './catalogue-surroundings.js';

const NOW = new Date('2026-11-18T11:00:00Z');
const ANA = 'ana' as ContactId;
const BEN = 'ben' as ContactId;
const ACME = 'acme' as AccountId;

/** Suggestions in memory that remember why they were closed. */
class RememberedSuggestions extends StandingSuggestions {
  readonly open = new Map<string, StandingSuggestion>();
  readonly closed = new Map<string, string>();

  add(suggestionId: string, changes: object = {}): void {
    const suggestion = {
      suggestionId,
      accountId: ACME,
      contactId: ANA,
      channelId: 'email',
      purpose: 'marketing',
      actionId: 'newsletter',
      productId: null,
      productIds: [],
      topics: [],
      state: 'open',
      slotFrom: addDays(NOW, 1),
      ...changes,
    } as unknown;
    this.open.set(suggestionId, suggestion as StandingSuggestion);
  }

  async of(accountIds: readonly AccountId[]): Promise<StandingSuggestion[]> {
    return [...this.open.values()].filter(({ accountId }) => accountIds.includes(accountId));
  }

  async close(
    suggestions: Parameters<StandingSuggestions['close']>[0],
    state: string,
    because: ClosingReason,
  ): Promise<void> {
    for (const { suggestionId } of suggestions) {
      this.open.delete(suggestionId);
      this.closed.set(suggestionId, `${state}: ${wordClosing(because)}`);
    }
  }
}

class RememberedOutbox extends Outbox {
  readonly messages: Message[] = [];

  async put(messages: readonly Message[]): Promise<void> {
    this.messages.push(...messages);
  }
}

const outbox = new RememberedOutbox();
let database: TestDatabase;
let transactions: PostgresTransactions;
let ledger: PostgresConsentLedger;
let suggestions: RememberedSuggestions;
let recordConsent: RecordConsent;
const audit = new RememberedAudit();
let clock: ManualClock;

beforeAll(async () => {
  database = await createTestDatabase();
  const catalogue = catalogueOn(database.database);
  ({ transactions } = catalogue);
  ledger = new PostgresConsentLedger(database.database);
  const email = { name: 'E-mail', kind: 'email', performedBy: 'automatic', consent: 'opt-in' };
  await catalogue.editor.put('channels', [record('channels', { channelId: 'email', ...email })], 'test');
  await catalogue.editor.put(
    'accounts',
    ['acme', 'zeta'].map((accountId) => record('accounts', { accountId, name: accountId, kind: 'company' })),
    'test',
  );
  await catalogue.editor.put(
    'contacts',
    [
      record('contacts', { contactId: ANA, accountId: ACME }),
      record('contacts', { contactId: BEN, accountId: ACME }),
    ],
    'test',
  );
  clock = new ManualClock(NOW);
  suggestions = new RememberedSuggestions();
  const ids = new TimeOrderedIds(() => clock.now().getTime());
  recordConsent = new RecordConsent({
    transactions,
    locks: new PostgresAccountLocks(),
    accounts: new PostgresAccounts(database.database),
    catalogues: catalogue.catalogues,
    ledger,
    suggestions,
    close: new CloseSuggestions({ standing: suggestions, outbox, ids }),
    touches: new PostgresTouchLog(database.database),
    plans: new PostgresTouchPlans(database.database),
    outbox,
    audit,
    clock,
    ids,
  });
}, 60_000);

afterAll(async () => {
  await database?.close();
});

beforeEach(() => {
  suggestions.open.clear();
  suggestions.closed.clear();
  clock.advance(60_000);
});

const say = (changes: Partial<ConsentStatement> = {}): ConsentStatement => ({
  channelId: 'email' as ConsentStatement['channelId'],
  purpose: 'marketing',
  status: 'withdrawn',
  source: 'contact',
  ...changes,
});

let serial = 0;
function fact(changes: object = {}): ConsentFact {
  serial += 1;
  return {
    ...say(),
    consentId: `fact-${serial}` as ConsentId,
    accountId: ACME,
    contactId: ANA,
    productId: null,
    topic: null,
    effectiveAt: NOW,
    expiresAt: null,
    recordedAt: NOW,
    recordedBy: 'test',
    wording: null,
    proof: null,
    ...changes,
  } as ConsentFact;
}

const append = (...facts: ConsentFact[]): Promise<void> =>
  transactions.run((within) => ledger.append(facts, within));

async function epoch(accountId = 'acme'): Promise<number> {
  const locked = await transactions.run((within) => lockAccounts([accountId], within));
  return locked.get(accountId)?.policyEpoch ?? -1;
}

describe('the consent ledger', () => {
  const dan = { accountId: 'zeta', contactId: 'dan' };

  it('gives back every fact as it was recorded, oldest first', async () => {
    const late = fact({
      ...dan,
      wording: 'no',
      proof: 'call 7',
      productId: 'P',
      topic: 'price',
      expiresAt: addDays(NOW, 2),
    });
    const early = fact({ ...dan, status: 'granted', effectiveAt: addDays(NOW, -3) });
    await append(late, early);
    expect(await ledger.ofContact('dan' as ContactId)).toEqual([early, late]);
    const byAccount = await ledger.ofAccounts(['zeta', 'nobody'] as AccountId[]);
    expect(byAccount.get('zeta' as AccountId)).toEqual([early, late]);
    expect(byAccount.get('nobody' as AccountId)).toEqual([]);
  });

  it('keeps the past: a withdrawal on Tuesday does not rewrite Monday', async () => {
    const eve = { accountId: 'zeta', contactId: 'eve' };
    await append(fact({ ...eve, status: 'granted', effectiveAt: addDays(NOW, -3) }));
    await append(fact({ ...eve, status: 'withdrawn', effectiveAt: addDays(NOW, -1) }));
    const facts = await ledger.ofContact('eve' as ContactId);
    const question: ConsentQuestion = {
      channelId: 'email' as ConsentQuestion['channelId'],
      channelConsent: 'opt-in',
      purpose: 'marketing',
      productIds: [],
      topics: [],
    };
    expect(consentAllows(facts, question, addDays(NOW, -2)).allowed).toBe(true);
    expect(consentAllows(facts, question, NOW).allowed).toBe(false);
  });

  it('refuses to change or forget a fact', async () => {
    await append(fact(dan));
    await expect(database.database.query(`update consent_facts set status = 'granted'`)).rejects.toThrow(
      /append-only/,
    );
    await expect(database.database.query('delete from consent_facts')).rejects.toThrow(/append-only/);
  });

  it('follows a contact to another account, and tells each fact once', async () => {
    const own = fact({ accountId: 'zeta', contactId: 'fay' });
    await append(own);
    const move = { contactId: 'fay' as ContactId, to: ACME };
    await transactions.run((within) => ledger.follow([move], within));
    await transactions.run((within) => ledger.follow([move], within));
    const facts = (await ledger.ofAccounts([ACME])).get(ACME)?.filter((one) => one.contactId === 'fay');
    expect(facts).toEqual([{ ...own, accountId: ACME }]);
    expect(await ledger.ofContact('fay' as ContactId)).toHaveLength(1);
  });
});

describe('recording consent', () => {
  it('withdraws what is refused now or at its time, and nothing else', async () => {
    await recordConsent.one(ANA, say({ purpose: '*', status: 'granted' }), 'kim');
    await recordConsent.one(BEN, say({ purpose: '*', status: 'granted' }), 'kim');
    clock.advance(60_000);
    suggestions.add('refused');
    suggestions.add('other purpose', { purpose: 'service' });
    suggestions.add('other contact', { contactId: BEN });
    const recorded = await recordConsent.one(ANA, say({ wording: 'no e-mail' }), 'kim');
    expect(recorded).toMatchObject({ ok: true, value: { withdrawnSuggestions: ['refused'] } });
    expect([...suggestions.open.keys()]).toEqual(['other purpose', 'other contact']);
    expect(suggestions.closed.get('refused')).toMatch(/^withdrawn: Withdrawn by the contact .*no e-mail/);
  });

  it('withdraws a suggestion for a time at which a withdrawal will hold', async () => {
    await recordConsent.one(BEN, say({ purpose: 'sales', status: 'granted' }), 'kim');
    clock.advance(60_000);
    suggestions.add('before', { contactId: BEN, purpose: 'sales', slotFrom: addDays(clock.now(), 1) });
    suggestions.add('after', { contactId: BEN, purpose: 'sales', slotFrom: addDays(clock.now(), 3) });
    await recordConsent.one(BEN, say({ purpose: 'sales', effectiveAt: addDays(clock.now(), 2) }), 'kim');
    expect([...suggestions.open.keys()]).toEqual(['before']);
  });

  it('raises the policy epoch and leaves a trace in the name of the caller', async () => {
    const before = await epoch();
    await recordConsent.one(ANA, say({ purpose: 'research', status: 'granted' }), 'kim');
    expect(await epoch()).toBe(before + 1);
    expect(audit.entries.at(-1)).toMatchObject({
      actor: 'kim',
      action: 'consent.recorded',
      subjectId: 'ana',
    });
  });

  it('waits for whoever holds the account, and everything of it or nothing becomes visible', async () => {
    const before = await epoch();
    suggestions.add('standing', { purpose: 'medical' });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let locked: () => void = () => undefined;
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const decision = transactions.run(async (within: Transaction) => {
      const rows = await lockAccounts(['acme'], within);
      locked();
      await held;
      return rows.get('acme')?.policyEpoch;
    });
    await isLocked;
    const recording = recordConsent.one(ANA, say({ purpose: 'medical' }), 'kim');
    const first = await Promise.race([
      recording,
      new Promise((resolve) => setTimeout(resolve, 200, 'waiting')),
    ]);
    expect(first).toBe('waiting');
    expect(suggestions.open.has('standing')).toBe(true);
    release();
    expect(await decision).toBe(before);
    expect((await recording).ok).toBe(true);
    expect(await epoch()).toBe(before + 1);
    expect(suggestions.open.has('standing')).toBe(false);
  });

  it('does not lose one of many concurrent recordings', async () => {
    const before = await epoch();
    const count = (await ledger.ofContact(ANA)).length;
    await Promise.all(
      Array.from({ length: 12 }, () => recordConsent.one(ANA, say({ status: 'granted' }), 'kim')),
    );
    expect(await ledger.ofContact(ANA)).toHaveLength(count + 12);
    expect(await epoch()).toBe(before + 12);
  });

  it('records thousands at once and names those that are wrong by their place', async () => {
    const inputs = Array.from({ length: 2500 }, (_, index) => ({
      ...say({ status: 'granted', source: 'import', wording: `row ${index}` }),
      contactId: (index === 7 ? 'nobody' : ANA) as ContactId,
      ...(index === 9 ? { expiresAt: addDays(NOW, -1) } : {}),
    }));
    const { recorded, refused } = await recordConsent.many(inputs, 'import');
    expect(recorded).toBe(2498);
    expect(refused.map(({ index, problems }) => [index, problems[0]?.pointer])).toEqual([
      [7, '/contactId'],
      [9, '/expiresAt'],
    ]);
  });
});
