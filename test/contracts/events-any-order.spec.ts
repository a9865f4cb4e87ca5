import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { IncomingItem } from '../../src/events/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { channel } from './catalogue-surroundings.js';
import { emptyTables, everythingOf, ingestionOn, live, NOW } from './events-surroundings.js';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await ingestionOn(test.database).editor.put(
    'channels',
    [channel('mail'), channel('calls', { kind: 'call' })],
    'test',
  );
}, 60_000);
afterAll(() => test.close());

/** Two people of a firm, one on his own; each may visit without saying who it is. */
const people = [
  { contactId: 'ana', visitor: 'visitor-ana', firm: 'firm' },
  { contactId: 'bob', visitor: 'visitor-bob', firm: 'firm' },
  { contactId: 'eve', visitor: 'visitor-eve', firm: undefined },
] as const;

const names = [
  'Page Viewed',
  'Content Viewed',
  'Order Completed',
  'Email Sent',
  'Email Opened',
  'Call Logged',
  'Unsubscribed',
  'Quote Given',
  'Complaint Opened',
  'Complaint Closed',
  'Conversation Opened',
  'Conversation Closed',
];

type Told = Omit<IncomingItem, 'messageId' | 'source'>;

const occurredAt = fc
  .integer({ min: 1, max: 90 * 24 * 60 })
  .map((minutes) => new Date(NOW.getTime() - minutes * 60_000));

const happening: fc.Arbitrary<Told> = fc
  .record({
    who: fc.constantFrom(...people),
    as: fc.constantFrom('contact', 'contact of the firm', 'visitor'),
    name: fc.constantFrom(...names),
    occurredAt,
    productId: fc.constantFrom('p1', 'p2', undefined),
    topic: fc.constantFrom('dosage', 'price', undefined),
    value: fc.integer({ min: 1, max: 100 }),
    conversationId: fc.constantFrom('c1', 'c2', undefined),
  })
  .map(({ who, as, name, occurredAt: at, ...properties }) => ({
    kind: 'event',
    name,
    occurredAt: at,
    properties: JSON.parse(JSON.stringify({ ...properties, price: 3 })) as object,
    ...(as === 'visitor' ? { anonymousId: who.visitor } : { contactId: who.contactId }),
    ...(as === 'contact of the firm' && who.firm ? { accountId: who.firm } : {}),
  })) as fc.Arbitrary<Told>;

const statement: fc.Arbitrary<Told> = fc
  .record({
    who: fc.constantFrom(...people),
    kind: fc.constantFrom('identify', 'group'),
    occurredAt,
    timeZone: fc.constantFrom('Asia/Tokyo', 'America/New_York', undefined),
    name: fc.constantFrom('A', 'B', undefined),
  })
  .map(({ who, kind, occurredAt: at, ...traits }) => ({
    kind: kind === 'group' && !who.firm ? 'identify' : kind,
    occurredAt: at,
    contactId: who.contactId,
    traits: JSON.parse(JSON.stringify(traits)) as object,
    ...(kind === 'group' && who.firm ? { accountId: who.firm } : { anonymousId: who.visitor }),
  })) as fc.Arbitrary<Told>;

/** Whoever they are is told in the end, so that nothing stays anonymous. */
const introductions: Told[] = people.map(({ contactId, visitor, firm }) => ({
  kind: 'identify',
  contactId,
  anonymousId: visitor,
  occurredAt: new Date(NOW.getTime() - 60_000),
  traits: {},
  ...(firm ? { accountId: firm } : {}),
})) as Told[];

const history = fc
  .array(fc.oneof({ weight: 5, arbitrary: happening }, { weight: 1, arbitrary: statement }), {
    minLength: 1,
    maxLength: 25,
  })
  .map((told) =>
    [...told, ...introductions].map(
      (item, index) => ({ ...item, source: 'test', messageId: `m${index}` }) as IncomingItem,
    ),
  );

/** The same items in another order, in other batches, some of them several times, some at the same time. */
const delivery = history.chain((items) =>
  fc.record({
    items: fc.constant(items),
    order: fc.shuffledSubarray(
      items.map((_, index) => index),
      { minLength: items.length, maxLength: items.length },
    ),
    again: fc.array(fc.nat({ max: items.length - 1 }), { maxLength: 10 }),
    batch: fc.integer({ min: 1, max: 12 }),
    together: fc.boolean(),
  }),
);

function batches<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Decayed sums may differ in the last digits. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(9));
  if (value instanceof Date || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(rounded);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, rounded(member)]),
  );
}

describe('the same events', () => {
  it('give the same log, state, touches, threads, quotes, consent and people, in any order, batching and repetition', async () => {
    await fc.assert(
      fc.asyncProperty(delivery, async ({ items, order, again, batch, together }) => {
        await emptyTables(test.database);
        const straight = ingestionOn(test.database);
        await straight.ingest.run(items, live);
        const expected = rounded(await everythingOf(test.database, straight));

        await emptyTables(test.database);
        const other = ingestionOn(test.database);
        const shuffled = [...order, ...again].flatMap((index) => items[index] ?? []);
        if (together) await Promise.all(batches(shuffled, batch).map((part) => other.ingest.run(part, live)));
        else for (const part of batches(shuffled, batch)) await other.ingest.run(part, live);
        expect(rounded(await everythingOf(test.database, other))).toEqual(expected);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  }, 120_000);
});
