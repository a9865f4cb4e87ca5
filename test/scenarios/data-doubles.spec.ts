import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/shared/index.js';
import { FindDoubles } from '../../src/workflows/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

/** Clinics for lungs: like ours. Practices of dentists: not like ours. */
const LUNGS = 12;
const DENTISTS = 12;
/**
 * Of the lung clinics, the first so many were visited about Pulmo; of these, those at other than the last two places
 * bought.
 */
const VISITED = 8;
const BOUGHT_AFTER_VISIT = 6;
const MAILED = 6;
const BOUGHT_AFTER_MAIL = 1;

let service: TestService;
let territory: Territory;
let authorization: string;
let serial = 0;

interface Doubles {
  because: string | null;
  basis: { by: string } | null;
  doubles: {
    accountId: string;
    similarity: number;
    shared: { kind: string; name: string; value: unknown }[];
  }[];
  hiddenDoubles: number;
  nextCursor: string | null;
  products: {
    productId: string;
    boughtByShare: number;
    gapLow: number;
    gapHigh: number;
    medianValue: number;
    ownValue: number;
    gap: number;
  }[];
  approaches: {
    actionId: string;
    channelId: string;
    tried: number;
    succeeded: number;
    low: number;
    high: number;
  }[];
}

const get = async (path: string, as = authorization) => {
  const answer = await service.http.get(`/api/v1/${path}`).set({ authorization: as });
  return { status: answer.status, body: answer.body };
};
const doublesOf = async (accountId: string) => (await get(`accounts/${accountId}/doubles`)).body as Doubles;

interface Happened {
  messageId: string;
  name: string;
  accountId: string;
  contactId: string;
  occurredAt: string;
  properties: object;
}

function happened(accountId: string, name: string, daysAgo: number, properties: object): Happened {
  serial += 1;
  return {
    messageId: `past-${serial}`,
    name,
    accountId,
    contactId: `${accountId}-doctor`,
    occurredAt: addDays(service.clock.now(), -daysAgo).toISOString(),
    properties,
  };
}

async function open(accountId: string, segment: string, country: string, beds: number): Promise<void> {
  await territory.put(`accounts/${accountId}`, {
    name: accountId,
    kind: 'company',
    segment,
    country,
    timeZone: 'Europe/Berlin',
    locale: 'en',
    attributes: { beds },
  });
  await territory.put(`contacts/${accountId}-doctor`, { accountId, name: 'Doctor' });
}

/** What a doctor reads: a little more or less of everything than the next one. */
function reading(accountId: string, place: number, reads: number, topic: string): Happened[] {
  return Array.from({ length: reads + (place % 2) }, (_, read) =>
    happened(accountId, 'Content Viewed', 20 + 7 * read + (place % 3), { topic, channel: 'web' }),
  );
}

const approached = (accountId: string, name: string, channel: string, daysAgo: number) =>
  happened(accountId, name, daysAgo, { channel, actionId: 'offer-p', productId: 'P' });
const bought = (accountId: string, productId: string, daysAgo: number, value: number) =>
  happened(accountId, 'Order Completed', daysAgo, { productId, value });

function pastOfLungClinic(place: number): Happened[] {
  const id = `lungs-${place}`;
  const past = reading(id, place, 4, 'efficacy');
  if (place < VISITED) past.push(approached(id, 'Visit Logged', 'visit', 120));
  if (place < BOUGHT_AFTER_VISIT) past.push(bought(id, 'P', 110, 1000 + 100 * place));
  if (place >= LUNGS - MAILED) past.push(approached(id, 'Email Sent', 'email', 90));
  if (place >= LUNGS - BOUGHT_AFTER_MAIL) past.push(bought(id, 'P', 80, 1400));
  return past;
}

const upTo = (count: number) => Array.from({ length: count }, (_, place) => place);

async function plant(): Promise<void> {
  await territory.put('products/D', {
    name: 'Dento',
    price: 10,
    margin: 4,
    currency: 'EUR',
    topics: [],
    available: true,
  });
  await territory.put('outcome-definitions/order', { event: 'Order Completed', withinDays: 30 });
  await territory.put('actions/offer-p', {
    name: 'Offer Pulmo',
    intent: 'offer',
    purpose: 'sales',
    topics: [],
    productIds: ['P'],
    channelIds: ['email', 'visit'],
    outcomeId: 'order',
    value: 120,
    lever: 1,
    mandatory: false,
  });
  await Promise.all([
    open('clinic', 'lungs', 'DE', 110),
    ...upTo(LUNGS).map((place) => open(`lungs-${place}`, 'lungs', 'DE', 110 + place)),
    ...upTo(DENTISTS).map((place) => open(`dentist-${place}`, 'teeth', 'DE', 2 + place)),
  ]);
  const events = [
    ...reading('clinic', 0, 4, 'efficacy'),
    ...upTo(LUNGS).flatMap(pastOfLungClinic),
    ...upTo(DENTISTS).flatMap((place) => [
      ...reading(`dentist-${place}`, place, 1, 'dosage'),
      bought(`dentist-${place}`, 'D', 60, 50),
    ]),
  ];
  const answer = await service.http.post('/api/v1/events').set({ authorization }).send({ events });
  expect(answer.body).toMatchObject({ accepted: events.length });
}

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  ({ authorization } = territory);
  await plant();
});
afterAll(() => service.close());

describe('an account that buys less than the accounts most like it', () => {
  it('is shown the planted doubles, and nobody else', async () => {
    const found = await doublesOf('clinic');

    expect(found.because).toBeNull();
    expect(found.basis?.by).toBe('features'); // no model is trained yet
    expect(found.doubles.map(({ accountId }) => accountId).sort()).toEqual(
      Array.from({ length: LUNGS }, (_, place) => `lungs-${place}`).sort(),
    );
    const similarities = found.doubles.map(({ similarity }) => similarity);
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
    expect(found.doubles[0]?.shared).toContainEqual({ kind: 'attribute', name: 'segment', value: 'lungs' });
  });

  it('is shown the product that they buy, with the gap', async () => {
    const { products } = await doublesOf('clinic');

    expect(products).toHaveLength(1);
    const [gap] = products;
    expect(gap).toMatchObject({ productId: 'P', boughtBy: 7, ownValue: 0, medianValue: 1300, gap: 1300 });
    expect(gap?.boughtByShare).toBeCloseTo(7 / 12);
    const { gapLow = NaN, gapHigh = NaN } = gap ?? {};
    expect(gapLow).toBeGreaterThanOrEqual(1000);
    expect(gapLow).toBeLessThan(1300);
    expect(gapHigh).toBeGreaterThan(1300);
    expect(gapHigh).toBeLessThanOrEqual(1500);
  });

  it('is shown which approaches worked with them, with counts and intervals', async () => {
    const { approaches } = await doublesOf('clinic');

    expect(
      approaches.map(({ actionId, channelId, tried, succeeded }) => [actionId, channelId, tried, succeeded]),
    ).toEqual([
      ['offer-p', 'visit', VISITED, BOUGHT_AFTER_VISIT],
      ['offer-p', 'email', MAILED, BOUGHT_AFTER_MAIL],
    ]);
    // Wilson, 6 of 8 and 1 of 6
    expect(approaches[0]?.low).toBeCloseTo(0.409, 3);
    expect(approaches[0]?.high).toBeCloseTo(0.929, 3);
    expect(approaches[1]?.low).toBeCloseTo(0.03, 2);
    expect(approaches[1]?.high).toBeCloseTo(0.564, 2);
  });

  it('has it as evidence in the reason of a suggestion, with purchases that the log has', async () => {
    await service.app.get(FindDoubles, { strict: false }).run(service.clock.now());

    const { suggestions } = await territory.recommend({ limit: 5 });

    const offer = suggestions.find(
      ({ action, channelId }) => action.id === 'offer-p' && channelId === 'visit',
    );
    const reason = offer?.reasons.find(({ code }) => code === 'doubles-bought');
    expect(reason?.text).toBe('6 of 8 accounts like this one bought Pulmo after a visit.');
    expect(reason?.evidence.length).toBeGreaterThan(0);
    expect(new Set(reason?.evidence.map(({ name }) => name))).toEqual(new Set(['Order Completed']));
  });

  it('is told so in Persian too', async () => {
    const list = await service.http
      .get('/api/v1/suggestions?accountId=clinic')
      .set({ authorization, 'accept-language': 'fa' });

    const texts = list.body.items.flatMap(({ reasons }: { reasons: { text: string }[] }) =>
      reasons.map(({ text }) => text),
    );
    expect(texts).toContain('از ۸ حساب مشابه این حساب، ۶ حساب پس از ملاقات «Pulmo» را خریده‌اند.');
  });

  it('is told so no longer once the purchases are gone from the log', async () => {
    await service.database.query(
      `delete from events where name = 'Order Completed' and account_id like 'lungs-%'`,
    );

    const { body } = await get('suggestions?accountId=clinic');

    const codes = body.items.flatMap(({ reasons }: { reasons: { code: string }[] }) =>
      reasons.map(({ code }) => code),
    );
    expect(codes).not.toContain('doubles-bought');
  });
});

describe('who asks for doubles', () => {
  it('reads them page by page', async () => {
    const first = (await get('accounts/clinic/doubles?limit=5')).body as Doubles;
    const second = (await get(`accounts/clinic/doubles?limit=50&cursor=${first.nextCursor}`)).body as Doubles;

    expect(first.doubles).toHaveLength(5);
    expect(second.nextCursor).toBeNull();
    expect(new Set([...first.doubles, ...second.doubles].map(({ accountId }) => accountId)).size).toBe(LUNGS);
    expect((await get('accounts/clinic/doubles?limit=0')).status).toBe(422);
    expect((await get('accounts/nobody/doubles')).status).toBe(404);
  });

  it('is shown no account that she does not look after, and what they tell together', async () => {
    await territory.put('accounts/lungs-1/team/mia', {});
    const { authorization: mia } = await service.key(['read'], { memberId: 'mia' });

    const { body } = await get('accounts/clinic/doubles', mia);

    expect(body.doubles.map(({ accountId }: { accountId: string }) => accountId)).toEqual(['lungs-1']);
    expect(body.hiddenDoubles).toBe(LUNGS - 1);
    expect((await get('accounts/lungs-2/doubles', mia)).status).toBe(404);
  });

  it('gets an honest empty answer for an account that is like no others', async () => {
    await open('brewery', 'drinks', 'FR', 5000);
    expect(await doublesOf('brewery')).toMatchObject({
      because: 'too-few-comparable',
      doubles: [],
      products: [],
      approaches: [],
      leastDoubles: 5,
    });
  });
});
