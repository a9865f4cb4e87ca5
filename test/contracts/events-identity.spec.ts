import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId, ContactMove } from '../../src/catalogue/index.js';
import { addDays } from '../../src/shared/index.js';
import { account, contact } from './catalogue-surroundings.js';
import { type EventsOnDatabase, live, NOW, startEvents, told } from './events-surroundings.js';

let events: EventsOnDatabase;

beforeAll(async () => {
  events = await startEvents();
});
beforeEach(() => events.forget());
afterAll(() => events?.close());

describe('identity', () => {
  it('makes a stub person-account of a contact without account, and a stub company of a group', async () => {
    await events.take([
      told({ name: 'Page Viewed', contactId: 'ana' }),
      told({ name: 'Page Viewed', contactId: 'bob', accountId: 'acme' }),
    ]);
    expect(await events.homes()).toEqual({ ana: 'ana', bob: 'acme' });
    expect(await events.query('select account_id, kind, stub from accounts order by 1')).toEqual([
      { account_id: 'acme', kind: 'company', stub: true },
      { account_id: 'ana', kind: 'person', stub: true },
    ]);
  });

  it('takes a contact that stood alone into the account that is named for it, with all it did', async () => {
    await events.take([
      told({ name: 'Email Sent', contactId: 'ana' }),
      told({ name: 'Unsubscribed', contactId: 'ana' }),
    ]);
    await events.take([
      told({ kind: 'group', accountId: 'acme', contactId: 'ana', traits: { name: 'Acme' } }),
    ]);
    expect(await events.homes()).toEqual({ ana: 'acme' });
    expect(await events.logged('ana')).toHaveLength(0);
    expect((await events.logged('acme')).map((event) => event.name)).toEqual(
      expect.arrayContaining(['Email Sent', 'Unsubscribed']),
    );
    expect((await events.features('acme'))['ana touches ']).toBe(1);
    expect(await events.query('select name from accounts')).toEqual([{ name: 'Acme' }]);
    expect(await events.query('select account_id from touches')).toEqual([{ account_id: 'acme' }]);
    expect(
      (await events.ingestion.consents.ofAccounts(['acme' as AccountId])).get('acme' as AccountId)?.length,
    ).toBe(2);
    expect(
      await events.take([told({ name: 'Page Viewed', accountId: 'other', contactId: 'ana' })]),
    ).toMatchObject({ accepted: 1 });
    expect(await events.homes()).toEqual({ ana: 'acme' });
  });

  it('leaves a contact where the catalogue put it, whatever account an event names', async () => {
    await events.ingestion.editor.put('accounts', [account('clinic')], 'test');
    await events.ingestion.editor.put('contacts', [contact('ana', 'clinic')], 'test');
    await events.take([told({ name: 'Page Viewed', contactId: 'ana', accountId: 'acme' })]);
    expect(await events.homes()).toEqual({ ana: 'clinic' });
    expect(await events.logged('clinic')).toHaveLength(1);
  });

  it('notices that a contact was moved by somebody else since it was last seen', async () => {
    await events.ingestion.editor.put('accounts', [account('clinic'), account('hospital')], 'test');
    await events.ingestion.editor.put('contacts', [contact('ana', 'clinic')], 'test');
    await events.take([told({ name: 'Page Viewed', contactId: 'ana' })]);
    await events.ingestion.transactions.run(async (within) => {
      const move = { contactId: 'ana', from: 'clinic', to: 'hospital' } as ContactMove;
      await events.ingestion.moves.follow([move], within);
      await events.query(`update contacts set account_id = 'hospital' where contact_id = 'ana'`);
    });
    const later = addDays(NOW, -0.02);
    await events.take([told({ name: 'Content Viewed', contactId: 'ana', occurredAt: later })]);
    expect((await events.logged('hospital')).map((event) => event.name)).toEqual([
      'Page Viewed',
      'Content Viewed',
    ]);
    expect((await events.features('hospital'))['ana daysSinceRead ']).toBeDefined();
    expect((await events.features('clinic'))['* daysSinceRead ']).toBeUndefined();
  });

  it('keeps what a visitor does and joins it once identify says who that is, as if known from the start', async () => {
    await events.take([
      told({ name: 'Page Viewed', anonymousId: 'v1' }),
      told({ name: 'Content Viewed', anonymousId: 'v1' }),
    ]);
    expect(await events.query('select * from accounts')).toEqual([]);
    await events.take([told({ kind: 'identify', contactId: 'ana', anonymousId: 'v1' })]);
    await events.take([told({ name: 'Product Viewed', anonymousId: 'v1' })]);
    expect((await events.logged('ana')).map(({ name, origin }) => [name, origin]).sort()).toEqual([
      ['Content Viewed', 'joined'],
      ['Page Viewed', 'joined'],
      ['Product Viewed', 'live'],
    ]);
    expect(await events.query('select * from anonymous_events')).toEqual([]);
  });

  it('loses no event of a visitor who is identified at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const anonymousId = `race-${round}`;
      await Promise.all([
        events.another().ingest.run([told({ name: 'Page Viewed', anonymousId })], live),
        events
          .another()
          .ingest.run([told({ kind: 'identify', contactId: `racer-${round}`, anonymousId })], live),
      ]);
      expect(await events.logged(`racer-${round}`)).toHaveLength(1);
    }
  });

  it('sets an alias of two known contacts aside, every time it comes', async () => {
    await events.take([
      told({ name: 'Page Viewed', contactId: 'ana' }),
      told({ name: 'Page Viewed', contactId: 'bob' }),
    ]);
    const alias = told({ kind: 'alias', contactId: 'ana', previousId: 'bob' });
    const answer = await events.take([alias]);
    expect(answer).toMatchObject({
      accepted: 0,
      duplicates: 0,
      quarantined: [{ index: 0, pointer: '/previousId' }],
    });
    expect(await events.take([alias])).toEqual(answer);
  });

  it('counts what comes under a former id for the contact that it was an alias of', async () => {
    await events.take([told({ kind: 'alias', contactId: 'ana', previousId: 'old-ana' })]);
    await events.take([told({ name: 'Page Viewed', contactId: 'old-ana' })]);
    expect(await events.homes()).toEqual({ ana: 'ana' });
    expect(await events.logged('ana')).toHaveLength(1);
  });

  it('writes standard traits by their time, not by their order of arrival', async () => {
    const [early, late] = [addDays(NOW, -2), addDays(NOW, -1)];
    await events.take([
      told({
        kind: 'identify',
        contactId: 'ana',
        occurredAt: late,
        traits: { email: 'new@x.org', undeclared: 1 },
      }),
    ]);
    await events.take([
      told({
        kind: 'identify',
        contactId: 'ana',
        occurredAt: early,
        traits: { email: 'old@x.org', firstName: 'Ana', lastName: 'Jones' },
      }),
    ]);
    expect(await events.query('select name, email, attributes from contacts')).toEqual([
      { name: 'Ana Jones', email: 'new@x.org', attributes: {} },
    ]);
  });

  it('lets a browser complete stubs, and not overwrite what the catalogue says', async () => {
    await events.ingestion.editor.put('accounts', [account('clinic')], 'test');
    await events.ingestion.editor.put('contacts', [contact('ana', 'clinic', { email: 'ana@x.org' })], 'test');
    const browser = { ...live, publicKey: true };
    await events.take(
      [told({ kind: 'identify', contactId: 'ana', traits: { email: 'evil@x.org' } })],
      browser,
    );
    await events.take(
      [told({ kind: 'identify', contactId: 'bob', traits: { email: 'bob@x.org' } })],
      browser,
    );
    expect(await events.query('select contact_id, email from contacts order by 1')).toEqual([
      { contact_id: 'ana', email: 'ana@x.org' },
      { contact_id: 'bob', email: 'bob@x.org' },
    ]);
  });

  it('counts the hours anew when the time zone of a contact becomes known', async () => {
    const before = told({ name: 'Page Viewed', contactId: 'ana' });
    const zone = told({ kind: 'identify', contactId: 'ana', traits: { timezone: 'Asia/Tokyo' } });
    await events.take([before]);
    await events.take([zone]);
    const oneWay = await events.features('ana');
    await events.forget();
    await events.take([zone]);
    await events.take([before]);
    expect(await events.features('ana')).toEqual(oneWay);
  });
});
