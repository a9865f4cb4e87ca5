import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccountId, ContactId, MemberId } from '../../src/catalogue/index.js';
import { PostgresAccounts } from '../../src/catalogue/accounts.postgres.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { account, catalogueOn, contact, record } from './catalogue-surroundings.js';

let own: TestDatabase;
let accounts: PostgresAccounts;
let given: ReturnType<typeof catalogueOn>;
const ids = (...names: string[]) => names as AccountId[];

beforeAll(async () => {
  own = await createTestDatabase();
  accounts = new PostgresAccounts(own.database);
  given = catalogueOn(own.database);
  await given.editor.put(
    'accounts',
    [account('clinic'), account('jones', { kind: 'person' }), account('empty')],
    'k',
  );
  await given.editor.put(
    'contacts',
    [contact('ana', 'clinic', { email: 'ana@example.org' }), contact('ben', 'clinic')],
    'k',
  );
  const member = record('team-members', { memberId: 'mia', name: 'Mia', role: 'account-manager' });
  await given.editor.put('team-members', [member], 'k');
  await given.editor.put(
    'assignments',
    [record('assignments', { accountId: 'clinic', memberId: 'mia' })],
    'k',
  );
});
afterAll(() => own.close());

describe('dossiers', () => {
  it('come in the order asked, each with its people; unknown ids are left out', async () => {
    const dossiers = await accounts.dossiers(ids('jones', 'nobody', 'clinic', 'empty'));
    expect(
      dossiers.map(({ account: { accountId }, contacts, team }) => [
        accountId,
        contacts.map(({ contactId }) => contactId),
        team,
      ]),
    ).toEqual([
      ['jones', ['jones'], []],
      ['clinic', ['ana', 'ben'], [{ accountId: 'clinic', memberId: 'mia', role: 'account-manager' }]],
      ['empty', [], []],
    ]);
    expect(dossiers[1]?.account).toEqual(account('clinic'));
    expect(dossiers[1]?.contacts[0]).toEqual(contact('ana', 'clinic', { email: 'ana@example.org' }));
  });

  it('see what the transaction has written that they are read in', async () => {
    await given.transactions.run(async (within) => {
      await accounts.ensureStubs(
        { accounts: [{ accountId: 'new' as AccountId, kind: 'company' }], contacts: [] },
        within,
      );
      expect(await accounts.dossiers(ids('new'), within)).toMatchObject([
        { account: { stub: true }, contacts: [] },
      ]);
    });
  });

  it('of many accounts take three queries', async () => {
    const many = Array.from({ length: 500 }, (_, index) => account(`m${index}`, { kind: 'person' }));
    await given.editor.put('accounts', many, 'k');
    const log: string[] = [];
    const query = own.database.query.bind(own.database);
    own.database.query = ((...parameters: Parameters<typeof query>) => {
      log.push(parameters[0]);
      return query(...parameters);
    }) as typeof own.database.query;
    try {
      const dossiers = await accounts.dossiers(many.map(({ accountId }) => accountId));
      expect(dossiers.filter(({ contacts }) => contacts.length === 1)).toHaveLength(500);
    } finally {
      own.database.query = query;
    }
    expect(log).toHaveLength(3);
  });
});

describe('stubs', () => {
  it('are made for what is missing, with a state row, and leave the known ones as they are', async () => {
    await given.transactions.run((within) =>
      accounts.ensureStubs(
        {
          accounts: [
            { accountId: 'clinic' as AccountId, kind: 'person' },
            { accountId: 'u1' as AccountId, kind: 'person' },
            { accountId: 'u1' as AccountId, kind: 'person' },
          ],
          contacts: [
            { accountId: 'u1' as AccountId, contactId: 'u1' as ContactId },
            { accountId: 'u1' as AccountId, contactId: 'ana' as ContactId },
          ],
        },
        within,
      ),
    );
    const [clinic, stub] = await accounts.dossiers(ids('clinic', 'u1'));
    expect(clinic?.account).toMatchObject({ kind: 'company', stub: false });
    expect(clinic?.contacts.map(({ contactId }) => contactId)).toContain('ana');
    expect(stub).toMatchObject({
      account: { kind: 'person', stub: true },
      contacts: [{ contactId: 'u1', stub: true }],
    });
    expect(await own.database.query(`select 1 from account_state where account_id = 'u1'`)).toHaveLength(1);
  });

  it('are completed by a later put, contact and all', async () => {
    await given.editor.put('accounts', [account('u1', { kind: 'person', name: 'Uma' })], 'k');
    const [dossier] = await accounts.dossiers(ids('u1'));
    expect(dossier).toMatchObject({
      account: { name: 'Uma', stub: false },
      contacts: [{ contactId: 'u1', name: 'Uma', stub: false }],
    });
  });

  it('made by many at once are made once', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `rush${index}`);
    const stubs = (order: string[]) => ({
      accounts: order.map((id) => ({ accountId: id as AccountId, kind: 'person' as const })),
      contacts: order.map((id) => ({ accountId: id as AccountId, contactId: id as ContactId })),
    });
    await Promise.all(
      [names, [...names].reverse(), names].map((order) =>
        given.transactions.run((within) => accounts.ensureStubs(stubs(order), within)),
      ),
    );
    expect(await accounts.dossiers(names as AccountId[])).toHaveLength(40);
  });
});

describe('reads', () => {
  it('tell the account of each known contact', async () => {
    const found = await accounts.accountsOf(['ana', 'jones', 'nobody', 'nul\u0000'] as ContactId[]);
    expect(Object.fromEntries(found)).toEqual({ ana: 'clinic', jones: 'jones' });
  });

  it('tell who looks after whom', async () => {
    expect(await accounts.isAssigned('mia' as MemberId, 'clinic' as AccountId)).toBe(true);
    expect(await accounts.isAssigned('mia' as MemberId, 'jones' as AccountId)).toBe(false);
  });

  it('walk over all accounts in order of id, each once', async () => {
    const seen: AccountId[] = [];
    for (let cursor: AccountId | null = null; ;) {
      const page = await accounts.idsAfter(cursor, 97);
      seen.push(...page);
      cursor = page.at(-1) ?? null;
      if (page.length < 97) break;
    }
    expect(seen).toHaveLength(await accounts.count());
    expect(new Set(seen).size).toBe(seen.length);
  });
});
