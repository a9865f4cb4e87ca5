import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId, ContactId } from '../../src/catalogue/index.js';
import { addDays } from '../../src/shared/index.js';
import { type EventsOnDatabase, live, NOW, startEvents, told } from './events-surroundings.js';

let events: EventsOnDatabase;

beforeAll(async () => {
  events = await startEvents();
});
beforeEach(() => events.forget());
afterAll(() => events?.close());

const epochOf = async (accountId: string): Promise<number> => {
  const [row] = await events.query<{ policy_epoch: string }>(
    'select policy_epoch from account_state where account_id = $1',
    [accountId],
  );
  return Number(row?.policy_epoch);
};

describe('deduplication', () => {
  it('takes a message once, within a batch, in a later one, and in two at the same time', async () => {
    const item = told({ name: 'Call Logged', contactId: 'ana', messageId: 'same' });
    expect(await events.take([item, item])).toMatchObject({ accepted: 1, duplicates: 1 });
    const others = [events.another(), events.another()];
    const fresh = told({ name: 'Call Logged', contactId: 'ana' });
    const answers = await Promise.all(others.map(({ ingest }) => ingest.run([item, fresh], live)));
    expect(answers.map(({ accepted }) => accepted).sort()).toEqual([0, 1]);
    expect(await events.logged('ana')).toHaveLength(2);
    expect((await events.features('ana'))['ana touches ']).toBe(2);
  });

  it('knows a message of another source by its own name', async () => {
    const item = told({ name: 'Page Viewed', contactId: 'ana' });
    await events.take([item, { ...item, source: 'other' }]);
    expect(await events.logged('ana')).toHaveLength(2);
  });

  it('does not count a message again after the ledger forgot it', async () => {
    const item = told({ name: 'Email Sent', contactId: 'ana' });
    await events.take([item]);
    const before = await events.features('ana');
    expect(await events.ingestion.ledger.purge(addDays(NOW, 1), 100)).toBe(1);
    await events.take([item]);
    expect(await events.logged('ana')).toHaveLength(1);
    expect(await events.features('ana')).toEqual(before);
  });
});

describe('what events bring about', () => {
  it('records a touch, of ours once', async () => {
    await events.take([told({ name: 'Call Logged', contactId: 'ana', properties: { purpose: 'sales' } })]);
    const [touch] =
      (await events.ingestion.touches.since(['ana' as AccountId], addDays(NOW, -1))).get(
        'ana' as AccountId,
      ) ?? [];
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
    await events.ingestion.transactions.run((within) => events.ingestion.touches.put([ours], within));
    await events.take([told({ name: 'Email Sent', contactId: 'ana', properties: { touchId: 'ours' } })]);
    expect(await events.query('select touch_id, state from touches where touch_id = $1', ['ours'])).toEqual([
      { touch_id: 'ours', state: 'sent' },
    ]);
    expect(await events.query('select * from touches')).toHaveLength(2);
  });

  it('withdraws consent for every e-mail channel on Unsubscribed, from its own time on', async () => {
    const occurredAt = addDays(NOW, -3);
    await events.take([told({ name: 'Unsubscribed', contactId: 'ana', occurredAt })]);
    const facts = await events.ingestion.consents.ofContact('ana' as ContactId);
    expect(
      facts.map(({ channelId, purpose, status, source }) => [channelId, purpose, status, source]),
    ).toEqual([
      ['mail-a', 'marketing', 'withdrawn', 'contact'],
      ['mail-b', 'marketing', 'withdrawn', 'contact'],
    ]);
    expect(facts[0]).toMatchObject({ effectiveAt: occurredAt, recordedAt: NOW });
    await events.take([
      told({
        name: 'Unsubscribed',
        contactId: 'bob',
        properties: { purpose: 'sales' },
        occurredAt: addDays(NOW, 0.5),
      }),
    ]);
    const [of] = await events.ingestion.consents.ofContact('bob' as ContactId);
    expect(of).toMatchObject({ purpose: 'sales', effectiveAt: NOW });
  });

  it('joins the withdrawal of a visitor to the contact that it turns out to be', async () => {
    await events.take([told({ name: 'Unsubscribed', anonymousId: 'v9' })]);
    await events.take([told({ kind: 'identify', contactId: 'ana', anonymousId: 'v9' })]);
    expect(await events.ingestion.consents.ofContact('ana' as ContactId)).toHaveLength(2);
  });

  it('sets a withdrawal aside that names no contact', async () => {
    const answer = await events.take([told({ name: 'Unsubscribed', accountId: 'acme' })]);
    expect(answer).toMatchObject({ accepted: 0, quarantined: [{ pointer: '/contactId' }] });
  });

  it('refuses consent and touches from a browser, and takes its behaviour', async () => {
    const items = [
      told({ name: 'Unsubscribed', contactId: 'ana' }),
      told({ name: 'Visit Logged', contactId: 'ana' }),
      told({ name: 'Order Completed', contactId: 'ana' }),
    ];
    const answer = await events.take(items, { ...live, publicKey: true });
    expect(answer).toMatchObject({ accepted: 1, quarantined: [{ index: 0 }, { index: 1 }] });
    expect((await events.logged('ana'))[0]).toMatchObject({ name: 'Order Completed', fromBrowser: true });
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
    await events.take([closed]);
    await events.take([opened]);
    const ids = ['ana' as AccountId];
    expect((await events.ingestion.threads.openAt(ids, NOW)).size).toBe(0);
    expect(
      (await events.ingestion.threads.openAt(ids, addDays(NOW, -2))).get('ana' as AccountId),
    ).toMatchObject([{ kind: 'complaint', topics: ['billing'] }]);
    await events.take([
      told({
        name: 'Complaint Opened',
        contactId: 'ana',
        occurredAt: addDays(NOW, -0.5),
        properties: { conversationId: 'c' },
      }),
    ]);
    expect((await events.ingestion.threads.openAt(ids, NOW)).get('ana' as AccountId)).toMatchObject([
      { openedAt: addDays(NOW, -0.5), closedAt: null },
    ]);
  });

  it('keeps quotes with the price that was told', async () => {
    await events.take([
      told({
        name: 'Quote Given',
        contactId: 'ana',
        properties: { productId: 'p', price: 10, discount: 2, validUntil: '2026-04-01T00:00:00Z' },
      }),
    ]);
    expect(
      (await events.ingestion.threads.quotesSince(['ana' as AccountId], addDays(NOW, 5))).get(
        'ana' as AccountId,
      ),
    ).toMatchObject([
      { productId: 'p', price: 10, discount: 2, validUntil: new Date('2026-04-01T00:00:00Z') },
    ]);
  });

  it('stores text that the database cannot hold with a replacement, and what it folds is what it stored', async () => {
    const properties = { topic: 'a\u0000b', note: 'half \ud800 pair', deep: { ['k\u0000']: ['\udc00'] } };
    expect(await events.take([told({ name: 'Content Viewed', contactId: 'ana', properties })])).toMatchObject(
      { accepted: 1 },
    );
    expect((await events.logged('ana'))[0]?.properties).toMatchObject({
      topic: 'a\ufffdb',
      note: 'half \ufffd pair',
    });
  });
});

describe('the newest events', () => {
  it('are those of the log, of the names that were asked for, the newest first, each account in its place', async () => {
    const at = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000 - 123);
    const properties = { topic: 'price', note: 'a "quoted" word', amount: 12.5 };
    await events.take([
      told({ name: 'Page Viewed', contactId: 'ana', occurredAt: at(30), properties }),
      told({ name: 'Call Logged', contactId: 'ana', occurredAt: at(20) }),
      told({ name: 'Page Viewed', contactId: 'ana', occurredAt: at(10) }),
      told({ name: 'Call Logged', contactId: 'ben', occurredAt: at(5) }),
    ]);
    const { log } = events.ingestion;
    const logged = (await events.logged('ana')).toReversed();
    const [ana, nobody, ben, calls] = await log.newest(
      [
        { accountId: 'ana' as AccountId, names: null },
        { accountId: 'nobody' as AccountId, names: null },
        { accountId: 'ben' as AccountId, names: ['Call Logged'] },
        { accountId: 'ana' as AccountId, names: ['Call Logged'] },
      ],
      2,
    );
    expect(ana).toEqual(logged.slice(0, 2));
    expect(nobody).toEqual([]);
    expect(ben).toEqual(await events.logged('ben'));
    expect(calls).toEqual(logged.filter(({ name }) => name === 'Call Logged'));
    expect(await log.newest([{ accountId: 'ana' as AccountId, names: ['Page Viewed'] }], 9)).toEqual([
      logged.filter(({ name }) => name === 'Page Viewed'),
    ]);
  });
});

describe('many at once', () => {
  it('neither deadlocks nor loses anything when many processes tell of the same accounts', async () => {
    const processes = Array.from({ length: 6 }, () => events.another());
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
    expect(Object.values(await events.homes())).toEqual(people.map(() => 'firm'));
    expect(await events.logged('firm')).toHaveLength(6 * 5 * 12);
    expect((await events.features('firm'))['p0 touches ']).toBe(30);
    expect(await events.query('select account_id from accounts')).toEqual([{ account_id: 'firm' }]);
  });
});
