import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId } from '../../src/catalogue/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { account, action, catalogueOn, channel, contact, outcome, record } from './catalogue-surroundings.js';

let own: TestDatabase;
let given: ReturnType<typeof catalogueOn>;

beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.close());
beforeEach(async () => {
  await own.database.query(
    `truncate accounts, contacts, team_members, account_team, products, content, channels, outcome_definitions,
              actions, treatments, attribute_schemas, account_state`,
  );
  given = catalogueOn(own.database);
  given.catalogues.changed();
});

const state = async (accountId: string) => {
  const [row] = await own.database.query<{ policy_epoch: string; feature_set: string | null }[]>(
    'select policy_epoch, feature_set from account_state where account_id = $1',
    [accountId],
  );
  return row;
};

describe('accounts and contacts', () => {
  it('gives every account its state row, and a person-account itself as contact', async () => {
    const answer = await given.editor.put(
      'accounts',
      [account('clinic'), account('jones', { kind: 'person', name: 'Dr. Jones' })],
      'key-1',
    );
    expect(answer).toEqual({ saved: 2, refused: [], movedContacts: [] });
    expect(await state('clinic')).toMatchObject({ policy_epoch: '0' });
    const contacts = await own.database.query('select contact_id, account_id, name from contacts');
    expect(contacts).toEqual([{ contact_id: 'jones', account_id: 'jones', name: 'Dr. Jones' }]);
  });

  it('raises the policy epoch when an account changes, and not when the same is put again', async () => {
    await given.editor.put('accounts', [account('clinic')], 'key-1');
    await given.editor.put('accounts', [account('clinic')], 'key-1');
    expect(await state('clinic')).toMatchObject({ policy_epoch: '0' });
    await given.editor.put('accounts', [account('clinic', { region: 'north' })], 'key-1');
    expect(await state('clinic')).toMatchObject({ policy_epoch: '1' });
  });

  it('asks for a rebuild of the features when the time zone changes, since hours were counted by the other', async () => {
    await given.editor.put('accounts', [account('clinic', { timeZone: 'Europe/Berlin' })], 'key-1');
    await own.database.query(`update account_state set feature_set = 'v1'`);
    await given.editor.put(
      'accounts',
      [account('clinic', { timeZone: 'Europe/Berlin', name: 'Clinic' })],
      'key-1',
    );
    expect(await state('clinic')).toMatchObject({ feature_set: 'v1' });
    await given.editor.put('accounts', [account('clinic', { timeZone: 'Asia/Tehran' })], 'key-1');
    expect(await state('clinic')).toMatchObject({ feature_set: null });
  });

  it('reports a contact that moves, has its past follow, and asks for a rebuild of both accounts', async () => {
    await given.editor.put('accounts', [account('a'), account('b'), account('c')], 'key-1');
    await given.editor.put('contacts', [contact('ana', 'a'), contact('ben', 'c')], 'key-1');
    await own.database.query(`update account_state set feature_set = 'v1'`);
    const answer = await given.editor.put('contacts', [contact('ana', 'b'), contact('ben', 'c')], 'key-1');
    expect(answer.movedContacts).toEqual([{ contactId: 'ana', from: 'a', to: 'b' }]);
    expect(given.moves).toEqual(answer.movedContacts);
    expect([await state('a'), await state('b'), await state('c')].map((row) => row?.feature_set)).toEqual([
      null,
      null,
      'v1',
    ]);
  });

  it('does not let a person-account lose itself as contact', async () => {
    await given.editor.put('accounts', [account('jones', { kind: 'person' }), account('clinic')], 'key-1');
    const answer = await given.editor.put('contacts', [contact('jones', 'clinic')], 'key-1');
    expect(answer.refused).toMatchObject([
      { index: 0, problems: [{ pointer: '/accountId', detail: expect.stringContaining('its own contact') }] },
    ]);
  });

  it('does not make a person-account of whose contact belongs elsewhere', async () => {
    await given.editor.put('accounts', [account('clinic')], 'key-1');
    await given.editor.put('contacts', [contact('jones', 'clinic')], 'key-1');
    const answer = await given.editor.put('accounts', [account('jones', { kind: 'person' })], 'key-1');
    expect(answer.refused).toMatchObject([
      { problems: [{ pointer: '/kind', detail: expect.stringContaining('belongs to account "clinic"') }] },
    ]);
  });

  it('keeps the valid records of a batch and names the others with the unknown id', async () => {
    await given.editor.put('accounts', [account('a')], 'key-1');
    const answer = await given.editor.put(
      'contacts',
      [contact('ana', 'a'), contact('ben', 'nobody'), contact('eva', 'a')],
      'key-1',
    );
    expect(answer.saved).toBe(2);
    expect(answer.refused).toEqual([
      {
        index: 1,
        unknownIds: true,
        problems: [{ pointer: '/accountId', detail: expect.stringContaining('no account with id "nobody"') }],
      },
    ]);
  });

  it('holds attributes against their schema', async () => {
    const attributes = { specialty: { type: 'string', values: ['cardiology'] }, beds: { type: 'number' } };
    await given.editor.put(
      'attribute-schemas',
      [record('attribute-schemas', { kind: 'account', attributes })],
      'key-1',
    );
    const answer = await given.editor.put(
      'accounts',
      [
        account('a', { attributes: { specialty: 'magic', beds: '12' } }),
        account('b', { attributes: { beds: 3 } }),
      ],
      'key-1',
    );
    expect(answer.refused).toEqual([
      {
        index: 0,
        unknownIds: false,
        problems: expect.arrayContaining([
          { pointer: '/attributes/specialty', detail: expect.stringContaining('must be one of cardiology') },
          { pointer: '/attributes/beds', detail: expect.stringContaining('must be a number') },
        ]),
      },
    ]);
    expect(answer.saved).toBe(1);
  });

  it('takes 17,000 accounts in a few statements, with one entry in the audit trail', async () => {
    const accounts = Array.from({ length: 17_000 }, (_, index) =>
      account(`a${index}`, { kind: 'person', attributes: { age: index % 90, gender: 'F' } }),
    );
    const started = performance.now();
    const answer = await given.editor.put('accounts', accounts, 'key-1');
    const seconds = (performance.now() - started) / 1000;
    expect(answer.saved).toBe(17_000);
    expect(seconds).toBeLessThan(10);
    expect(given.audit.entries).toEqual([
      {
        actor: 'key-1',
        action: 'account.saved',
        subjectKind: 'account',
        subjectId: '*',
        detail: { count: 17_000 },
      },
    ]);
  });

  it('lets two writers put the same contacts into different accounts at once, without losing either account', async () => {
    await given.editor.put('accounts', [account('a'), account('b')], 'key-1');
    const ids = Array.from({ length: 50 }, (_, index) => `c${index}`);
    await Promise.all(
      ['a', 'b', 'a', 'b'].map((accountId, turn) =>
        given.editor.put(
          'contacts',
          (turn % 2 ? [...ids].reverse() : ids).map((id) => contact(id, accountId)),
          'key-1',
        ),
      ),
    );
    const rows = await own.database.query<{ n: string; accounts: string }[]>(
      'select count(*) as n, count(distinct account_id) as accounts from contacts',
    );
    expect(rows).toEqual([{ n: '50', accounts: '1' }]);
  });
});

describe('what is offered', () => {
  beforeEach(async () => {
    await given.editor.put('channels', [channel('email')], 'key-1');
    await given.editor.put('outcome-definitions', [outcome()], 'key-1');
  });

  it('refuses an action that names unknown products, channels or outcomes, each with its pointer', async () => {
    const answer = await given.editor.put(
      'actions',
      [action('offer', { productIds: ['p1'], channelIds: ['email', 'fax'], outcomeId: 'cured' })],
      'key-1',
    );
    expect(answer.saved).toBe(0);
    expect(answer.refused[0]?.problems.map(({ pointer }) => pointer)).toEqual([
      '/productIds/0',
      '/channelIds/1',
      '/outcomeId',
    ]);
  });

  it('type-checks eligibility against the attribute schemas and the features', async () => {
    await given.editor.put(
      'attribute-schemas',
      [record('attribute-schemas', { kind: 'account', attributes: { specialty: { type: 'string' } } })],
      'key-1',
    );
    const eligible = (eligibility: string) => action('offer', { eligibility });
    const answer = await given.editor.put(
      'actions',
      [
        eligible('account.attributes.specialty == "cardiology" && features.daysSinceVisit > 14.0'),
        eligible('account.attributes.speciality == "cardiology"'),
        eligible('features.daysSinceVisit == 14'),
        eligible('account.name'),
        eligible('features.visitsByProduct > 1.0'),
      ],
      'key-1',
    );
    expect(answer.saved).toBe(1);
    expect(answer.refused.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
    const details = answer.refused.map(({ problems }) => problems[0]?.detail);
    expect(details[0]).toContain('No such key: speciality');
    expect(details[1]).toContain('decimal point');
    expect(details[2]).toContain('true or false');
    expect(details[3]).toContain('visitsByProduct is kept apart by key');
    expect(new Set(answer.refused.map(({ problems }) => problems[0]?.pointer))).toEqual(
      new Set(['/eligibility']),
    );
  });

  it('refuses a schema under which a saved eligibility would no longer hold', async () => {
    const schema = (attributes: object) => record('attribute-schemas', { kind: 'account', attributes });
    await given.editor.put('attribute-schemas', [schema({ beds: { type: 'number' } })], 'key-1');
    await given.editor.put(
      'actions',
      [action('offer', { eligibility: 'account.attributes.beds > 10.0' })],
      'key-1',
    );
    const answer = await given.editor.put(
      'attribute-schemas',
      [schema({ beds: { type: 'string' } })],
      'key-1',
    );
    expect(answer.refused[0]?.problems[0]?.detail).toContain('eligibility of action "offer"');
    expect((await given.catalogues.current()).schemas.account).toEqual({ beds: { type: 'number' } });
  });

  it('type-checks where and value of an outcome definition', async () => {
    const answer = await given.editor.put(
      'outcome-definitions',
      [
        outcome({ where: 'event.properties.value > 10.0', value: 'event.properties.value' }),
        outcome({ where: 'event.colour == "red"', value: '"much"' }),
      ],
      'key-1',
    );
    expect(
      answer.refused.map(({ index, problems }) => [index, problems.map(({ pointer }) => pointer)]),
    ).toEqual([[1, ['/where', '/value']]]);
  });

  it('raises the version once per change, and not at all when nothing changes', async () => {
    const before = (await given.catalogues.current()).version;
    await given.editor.put('actions', [action('x'), action('y')], 'key-1');
    const after = (await given.catalogues.current()).version;
    await given.editor.put('actions', [action('x'), action('y')], 'key-1');
    expect(after).toBe(before + 1);
    expect((await given.catalogues.current()).version).toBe(after);
  });

  it('records who saved and removed what', async () => {
    await given.editor.put('actions', [action('x')], 'key-7');
    await given.editor.remove('actions', 'x', 'key-8');
    await given.editor.remove('actions', 'x', 'key-9');
    expect(given.audit.entries.slice(-2)).toEqual([
      { actor: 'key-7', action: 'action.saved', subjectKind: 'action', subjectId: 'x' },
      { actor: 'key-8', action: 'action.removed', subjectKind: 'action', subjectId: 'x' },
    ]);
  });

  it('does not remove what others still name, and says who names it', async () => {
    await given.editor.put('actions', [action('x')], 'key-1');
    for (const [kind, id] of [
      ['channels', 'email'],
      ['outcome-definitions', 'bought'],
    ] as const) {
      const result = await given.editor.remove(kind, id, 'key-1');
      expect(result).toEqual({ ok: false, error: expect.stringContaining('action x') });
    }
  });

  it('removes the treatments with their action', async () => {
    await given.editor.put('actions', [action('x')], 'key-1');
    const treatment = { actionId: 'x', treatmentId: 't', channelId: 'email', title: 'Hello', body: 'World' };
    expect(await given.editor.put('treatments', [record('treatments', treatment)], 'key-1')).toMatchObject({
      saved: 1,
    });
    await given.editor.remove('actions', 'x', 'key-1');
    expect((await given.catalogues.current()).treatments.size).toBe(0);
  });
});

describe('the team', () => {
  it('assigns members to accounts, raising the accounts epoch', async () => {
    await given.editor.put('accounts', [account('a')], 'key-1');
    const member = record('team-members', { memberId: 'mia', name: 'Mia', role: 'account-manager' });
    await given.editor.put('team-members', [member], 'key-1');
    const assignment = record('assignments', { accountId: 'a', memberId: 'mia' });
    await given.editor.put('assignments', [assignment], 'key-1');
    await given.editor.put('assignments', [assignment], 'key-1');
    expect(await state('a')).toMatchObject({ policy_epoch: '1' });
    await given.editor.remove('assignments', ['a' as AccountId, 'mia'], 'key-1');
    expect(await own.database.query('select * from account_team')).toEqual([]);
  });

  it('lets members of one batch be each other deputies, and refuses an unknown deputy', async () => {
    const member = (memberId: string, deputyId: string) =>
      record('team-members', { memberId, name: memberId, role: 'service', deputyId });
    const answer = await given.editor.put(
      'team-members',
      [member('mia', 'tom'), member('tom', 'mia'), member('eva', 'nobody')],
      'key-1',
    );
    expect(answer.saved).toBe(2);
    expect(answer.refused).toMatchObject([{ index: 2, problems: [{ pointer: '/deputyId' }] }]);
  });
});
