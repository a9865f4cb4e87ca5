import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId, ContactId, ContactMove } from '../../src/catalogue/index.js';
import { addDays } from '../../src/shared/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { account, channel, contact } from './catalogue-surroundings.js';
import {
  emptyTables,
  featuresOf,
  type Ingestion,
  ingestionOn,
  live,
  NOW,
  told,
} from './events-surroundings.js';

let test: TestDatabase;
let ingestion: Ingestion;

beforeAll(async () => {
  test = await createTestDatabase();
  await ingestionOn(test.database).editor.put(
    'channels',
    [
      channel('letters', { kind: 'mail' }),
      channel('mail-a'),
      channel('mail-b'),
      channel('phone', { kind: 'call', performedBy: 'account-manager', consent: 'opt-out' }),
    ],
    'test',
  );
}, 60_000);
beforeEach(async () => {
  await emptyTables(test.database);
  ingestion = ingestionOn(test.database);
});
afterAll(() => test.close());

const query = <Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> =>
  test.database.query<Row[]>(sql, parameters);
const homes = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await query<{ contact_id: string; account_id: string }>('select * from contacts')).map((row) => [
      row.contact_id,
      row.account_id,
    ]),
  );
const logged = async (accountId: string) =>
  (await ingestion.log.ofAccounts([accountId as AccountId])).get(accountId as AccountId) ?? [];
const epochOf = async (accountId: string): Promise<number> =>
  Number(
    (
      await query<{ policy_epoch: string }>('select policy_epoch from account_state where account_id = $1', [
        accountId,
      ])
    )[0]?.policy_epoch,
  );

describe('deduplication', () => {
  it('takes a message once, within a batch, in a later one, and in two at the same time', async () => {
    const item = told({ name: 'Call Logged', contactId: 'ana', messageId: 'same' });
    expect(await ingestion.ingest.run([item, item], live)).toMatchObject({ accepted: 1, duplicates: 1 });
    const others = [ingestionOn(test.database), ingestionOn(test.database)];
    const fresh = told({ name: 'Call Logged', contactId: 'ana' });
    const answers = await Promise.all(others.map(({ ingest }) => ingest.run([item, fresh], live)));
    expect(answers.map(({ accepted }) => accepted).sort()).toEqual([0, 1]);
    expect(await logged('ana')).toHaveLength(2);
    expect((await featuresOf(ingestion, 'ana'))['ana touches ']).toBe(2);
  });

  it('knows a message of another source by its own name', async () => {
    const item = told({ name: 'Page Viewed', contactId: 'ana' });
    await ingestion.ingest.run([item, { ...item, source: 'other' }], live);
    expect(await logged('ana')).toHaveLength(2);
  });

  it('does not count a message again after the ledger forgot it', async () => {
    const item = told({ name: 'Email Sent', contactId: 'ana' });
    await ingestion.ingest.run([item], live);
    const before = await featuresOf(ingestion, 'ana');
    expect(await ingestion.ledger.purge(addDays(NOW, 1), 100)).toBe(1);
    await ingestion.ingest.run([item], live);
    expect(await logged('ana')).toHaveLength(1);
    expect(await featuresOf(ingestion, 'ana')).toEqual(before);
  });
});

describe('identity', () => {
  it('makes a stub person-account of a contact without account, and a stub company of a group', async () => {
    await ingestion.ingest.run(
      [
        told({ name: 'Page Viewed', contactId: 'ana' }),
        told({ name: 'Page Viewed', contactId: 'bob', accountId: 'acme' }),
      ],
      live,
    );
    expect(await homes()).toEqual({ ana: 'ana', bob: 'acme' });
    expect(await query('select account_id, kind, stub from accounts order by 1')).toEqual([
      { account_id: 'acme', kind: 'company', stub: true },
      { account_id: 'ana', kind: 'person', stub: true },
    ]);
  });

  it('takes a contact that stood alone into the account that is named for it, with all it did', async () => {
    await ingestion.ingest.run(
      [told({ name: 'Email Sent', contactId: 'ana' }), told({ name: 'Unsubscribed', contactId: 'ana' })],
      live,
    );
    await ingestion.ingest.run(
      [told({ kind: 'group', accountId: 'acme', contactId: 'ana', traits: { name: 'Acme' } })],
      live,
    );
    expect(await homes()).toEqual({ ana: 'acme' });
    expect(await logged('ana')).toHaveLength(0);
    expect((await logged('acme')).map((event) => event.name)).toEqual(
      expect.arrayContaining(['Email Sent', 'Unsubscribed']),
    );
    expect((await featuresOf(ingestion, 'acme'))['ana touches ']).toBe(1);
    expect(await query('select name from accounts')).toEqual([{ name: 'Acme' }]);
    expect(await query('select account_id from touches')).toEqual([{ account_id: 'acme' }]);
    expect(
      (await ingestion.consents.ofAccounts(['acme' as AccountId])).get('acme' as AccountId)?.length,
    ).toBe(2);
    expect(
      await ingestion.ingest.run([told({ name: 'Page Viewed', accountId: 'other', contactId: 'ana' })], live),
    ).toMatchObject({ accepted: 1 });
    expect(await homes()).toEqual({ ana: 'acme' });
  });

  it('leaves a contact where the catalogue put it, whatever account an event names', async () => {
    await ingestion.editor.put('accounts', [account('clinic')], 'test');
    await ingestion.editor.put('contacts', [contact('ana', 'clinic')], 'test');
    await ingestion.ingest.run([told({ name: 'Page Viewed', contactId: 'ana', accountId: 'acme' })], live);
    expect(await homes()).toEqual({ ana: 'clinic' });
    expect(await logged('clinic')).toHaveLength(1);
  });

  it('notices that a contact was moved by somebody else since it was last seen', async () => {
    await ingestion.editor.put('accounts', [account('clinic'), account('hospital')], 'test');
    await ingestion.editor.put('contacts', [contact('ana', 'clinic')], 'test');
    await ingestion.ingest.run([told({ name: 'Page Viewed', contactId: 'ana' })], live);
    await ingestion.transactions.run(async (within) => {
      const move = { contactId: 'ana', from: 'clinic', to: 'hospital' } as ContactMove;
      await ingestion.moves.follow([move], within);
      await query(`update contacts set account_id = 'hospital' where contact_id = 'ana'`);
    });
    await ingestion.ingest.run([told({ name: 'Content Viewed', contactId: 'ana' })], live);
    expect((await logged('hospital')).map((event) => event.name)).toEqual(['Page Viewed', 'Content Viewed']);
    expect((await featuresOf(ingestion, 'hospital'))['ana daysSinceRead ']).toBeDefined();
    expect((await featuresOf(ingestion, 'clinic'))['* daysSinceRead ']).toBeUndefined();
  });

  it('keeps what a visitor does and joins it once identify says who that is, as if known from the start', async () => {
    await ingestion.ingest.run(
      [told({ name: 'Page Viewed', anonymousId: 'v1' }), told({ name: 'Content Viewed', anonymousId: 'v1' })],
      live,
    );
    expect(await query('select * from accounts')).toEqual([]);
    await ingestion.ingest.run([told({ kind: 'identify', contactId: 'ana', anonymousId: 'v1' })], live);
    await ingestion.ingest.run([told({ name: 'Product Viewed', anonymousId: 'v1' })], live);
    expect((await logged('ana')).map(({ name, origin }) => [name, origin]).sort()).toEqual([
      ['Content Viewed', 'joined'],
      ['Page Viewed', 'joined'],
      ['Product Viewed', 'live'],
    ]);
    expect(await query('select * from anonymous_events')).toEqual([]);
  });

  it('loses no event of a visitor who is identified at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const anonymousId = `race-${round}`;
      await Promise.all([
        ingestionOn(test.database).ingest.run([told({ name: 'Page Viewed', anonymousId })], live),
        ingestionOn(test.database).ingest.run(
          [told({ kind: 'identify', contactId: `racer-${round}`, anonymousId })],
          live,
        ),
      ]);
      expect(await logged(`racer-${round}`)).toHaveLength(1);
    }
  });

  it('sets an alias of two known contacts aside, every time it comes', async () => {
    await ingestion.ingest.run(
      [told({ name: 'Page Viewed', contactId: 'ana' }), told({ name: 'Page Viewed', contactId: 'bob' })],
      live,
    );
    const alias = told({ kind: 'alias', contactId: 'ana', previousId: 'bob' });
    const answer = await ingestion.ingest.run([alias], live);
    expect(answer).toMatchObject({
      accepted: 0,
      duplicates: 0,
      quarantined: [{ index: 0, pointer: '/previousId' }],
    });
    expect(await ingestion.ingest.run([alias], live)).toEqual(answer);
  });

  it('counts what comes under a former id for the contact that it was an alias of', async () => {
    await ingestion.ingest.run([told({ kind: 'alias', contactId: 'ana', previousId: 'old-ana' })], live);
    await ingestion.ingest.run([told({ name: 'Page Viewed', contactId: 'old-ana' })], live);
    expect(await homes()).toEqual({ ana: 'ana' });
    expect(await logged('ana')).toHaveLength(1);
  });

  it('writes standard traits by their time, not by their order of arrival', async () => {
    const [early, late] = [addDays(NOW, -2), addDays(NOW, -1)];
    await ingestion.ingest.run(
      [
        told({
          kind: 'identify',
          contactId: 'ana',
          occurredAt: late,
          traits: { email: 'new@x.org', undeclared: 1 },
        }),
      ],
      live,
    );
    await ingestion.ingest.run(
      [
        told({
          kind: 'identify',
          contactId: 'ana',
          occurredAt: early,
          traits: { email: 'old@x.org', firstName: 'Ana', lastName: 'Jones' },
        }),
      ],
      live,
    );
    expect(await query('select name, email, attributes from contacts')).toEqual([
      { name: 'Ana Jones', email: 'new@x.org', attributes: {} },
    ]);
  });

  it('lets a browser complete stubs, and not overwrite what the catalogue says', async () => {
    await ingestion.editor.put('accounts', [account('clinic')], 'test');
    await ingestion.editor.put('contacts', [contact('ana', 'clinic', { email: 'ana@x.org' })], 'test');
    const browser = { ...live, publicKey: true };
    await ingestion.ingest.run(
      [told({ kind: 'identify', contactId: 'ana', traits: { email: 'evil@x.org' } })],
      browser,
    );
    await ingestion.ingest.run(
      [told({ kind: 'identify', contactId: 'bob', traits: { email: 'bob@x.org' } })],
      browser,
    );
    expect(await query('select contact_id, email from contacts order by 1')).toEqual([
      { contact_id: 'ana', email: 'ana@x.org' },
      { contact_id: 'bob', email: 'bob@x.org' },
    ]);
  });

  it('counts the hours anew when the time zone of a contact becomes known', async () => {
    const before = told({ name: 'Page Viewed', contactId: 'ana' });
    const zone = told({ kind: 'identify', contactId: 'ana', traits: { timezone: 'Asia/Tokyo' } });
    await ingestion.ingest.run([before], live);
    await ingestion.ingest.run([zone], live);
    const oneWay = await featuresOf(ingestion, 'ana');
    await emptyTables(test.database);
    ingestion = ingestionOn(test.database);
    await ingestion.ingest.run([zone], live);
    await ingestion.ingest.run([before], live);
    expect(await featuresOf(ingestion, 'ana')).toEqual(oneWay);
  });
});

describe('what events bring about', () => {
  it('records a touch, of ours once', async () => {
    await ingestion.ingest.run(
      [told({ name: 'Call Logged', contactId: 'ana', properties: { purpose: 'sales' } })],
      live,
    );
    const [touch] =
      (await ingestion.touches.since(['ana' as AccountId], addDays(NOW, -1))).get('ana' as AccountId) ?? [];
    expect(touch).toMatchObject({
      channelId: 'phone',
      purpose: 'sales',
      role: 'account-manager',
      state: 'sent',
      contactId: 'ana',
    });
    expect(await epochOf('ana')).toBe(1);
    if (!touch) throw new Error('no touch');
    const ours = { ...touch, touchId: 'ours' as never, state: 'sending' as const };
    await ingestion.transactions.run((within) => ingestion.touches.put([ours], within));
    await ingestion.ingest.run(
      [told({ name: 'Email Sent', contactId: 'ana', properties: { touchId: 'ours' } })],
      live,
    );
    expect(await query('select touch_id, state from touches where touch_id = $1', ['ours'])).toEqual([
      { touch_id: 'ours', state: 'sent' },
    ]);
    expect(await query('select * from touches')).toHaveLength(2);
  });

  it('withdraws consent for every e-mail channel on Unsubscribed, from its own time on', async () => {
    const occurredAt = addDays(NOW, -3);
    await ingestion.ingest.run([told({ name: 'Unsubscribed', contactId: 'ana', occurredAt })], live);
    const facts = await ingestion.consents.ofContact('ana' as ContactId);
    expect(
      facts.map(({ channelId, purpose, status, source }) => [channelId, purpose, status, source]),
    ).toEqual([
      ['mail-a', 'marketing', 'withdrawn', 'contact'],
      ['mail-b', 'marketing', 'withdrawn', 'contact'],
    ]);
    expect(facts[0]).toMatchObject({ effectiveAt: occurredAt, recordedAt: NOW });
    await ingestion.ingest.run(
      [
        told({
          name: 'Unsubscribed',
          contactId: 'bob',
          properties: { purpose: 'sales' },
          occurredAt: addDays(NOW, 0.5),
        }),
      ],
      live,
    );
    const [of] = await ingestion.consents.ofContact('bob' as ContactId);
    expect(of).toMatchObject({ purpose: 'sales', effectiveAt: NOW });
  });

  it('joins the withdrawal of a visitor to the contact that it turns out to be', async () => {
    await ingestion.ingest.run([told({ name: 'Unsubscribed', anonymousId: 'v9' })], live);
    await ingestion.ingest.run([told({ kind: 'identify', contactId: 'ana', anonymousId: 'v9' })], live);
    expect(await ingestion.consents.ofContact('ana' as ContactId)).toHaveLength(2);
  });

  it('sets a withdrawal aside that names no contact', async () => {
    const answer = await ingestion.ingest.run([told({ name: 'Unsubscribed', accountId: 'acme' })], live);
    expect(answer).toMatchObject({ accepted: 0, quarantined: [{ pointer: '/contactId' }] });
  });

  it('refuses consent and touches from a browser, and takes its behaviour', async () => {
    const items = [
      told({ name: 'Unsubscribed', contactId: 'ana' }),
      told({ name: 'Visit Logged', contactId: 'ana' }),
      told({ name: 'Order Completed', contactId: 'ana' }),
    ];
    const answer = await ingestion.ingest.run(items, { ...live, publicKey: true });
    expect(answer).toMatchObject({ accepted: 1, quarantined: [{ index: 0 }, { index: 1 }] });
    expect((await logged('ana'))[0]).toMatchObject({ name: 'Order Completed', fromBrowser: true });
  });

  it('opens and closes threads in whatever order it hears of them', async () => {
    const opened = told({
      name: 'Complaint Opened',
      contactId: 'ana',
      occurredAt: addDays(NOW, -3),
      properties: { conversationId: 'c', topic: 'billing' },
    });
    const closed = told({
      name: 'Complaint Closed',
      contactId: 'ana',
      occurredAt: addDays(NOW, -1),
      properties: { conversationId: 'c' },
    });
    await ingestion.ingest.run([closed], live);
    await ingestion.ingest.run([opened], live);
    const ids = ['ana' as AccountId];
    expect((await ingestion.threads.openAt(ids, NOW)).size).toBe(0);
    expect((await ingestion.threads.openAt(ids, addDays(NOW, -2))).get('ana' as AccountId)).toMatchObject([
      { kind: 'complaint', topics: ['billing'] },
    ]);
    await ingestion.ingest.run(
      [
        told({
          name: 'Complaint Opened',
          contactId: 'ana',
          occurredAt: addDays(NOW, -0.5),
          properties: { conversationId: 'c' },
        }),
      ],
      live,
    );
    expect((await ingestion.threads.openAt(ids, NOW)).get('ana' as AccountId)).toMatchObject([
      { openedAt: addDays(NOW, -0.5), closedAt: null },
    ]);
  });

  it('keeps quotes with the price that was told', async () => {
    await ingestion.ingest.run(
      [
        told({
          name: 'Quote Given',
          contactId: 'ana',
          properties: { productId: 'p', price: 10, discount: 2, validUntil: '2026-04-01T00:00:00Z' },
        }),
      ],
      live,
    );
    expect(
      (await ingestion.threads.quotesSince(['ana' as AccountId], addDays(NOW, 5))).get('ana' as AccountId),
    ).toMatchObject([
      { productId: 'p', price: 10, discount: 2, validUntil: new Date('2026-04-01T00:00:00Z') },
    ]);
  });

  it('stores text that the database cannot hold with a replacement, and what it folds is what it stored', async () => {
    const properties = { topic: 'a\u0000b', note: 'half \ud800 pair', deep: { ['k\u0000']: ['\udc00'] } };
    expect(
      await ingestion.ingest.run([told({ name: 'Content Viewed', contactId: 'ana', properties })], live),
    ).toMatchObject({ accepted: 1 });
    expect((await logged('ana'))[0]?.properties).toMatchObject({
      topic: 'a\ufffdb',
      note: 'half \ufffd pair',
    });
  });
});

describe('many at once', () => {
  it('neither deadlocks nor loses anything when many processes tell of the same accounts', async () => {
    const processes = Array.from({ length: 6 }, () => ingestionOn(test.database));
    const people = Array.from({ length: 12 }, (_, index) => `p${index}`);
    const answers = await Promise.all(
      processes.flatMap(({ ingest }, process) =>
        Array.from({ length: 5 }, (_, batch) => {
          const order = (process + batch) % 2 === 0 ? people : [...people].reverse();
          return ingest.run(
            order.map((contactId) =>
              told({ name: 'Call Logged', contactId, ...(batch === 2 ? { accountId: 'firm' } : {}) }),
            ),
            live,
          );
        }),
      ),
    );
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(6 * 5 * 12);
    expect(Object.values(await homes())).toEqual(people.map(() => 'firm'));
    expect(await logged('firm')).toHaveLength(6 * 5 * 12);
    expect((await featuresOf(ingestion, 'firm'))['p0 touches ']).toBe(30);
    expect(await query('select account_id from accounts')).toEqual([{ account_id: 'firm' }]);
  });
});
