import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { type Answer, startTerritory, type Territory } from '../support/territory.js';

const PRODUCTS = ['printer', 'ink', 'paper', 'tea', 'honey', 'coffee', 'soap', 'lamp'];
/** Offices buy a printer, and most of them ink afterwards; kitchens buy tea and honey. */
const OFFICES = 20;
const OFFICES_WITH_INK = 16;
const KITCHENS = 20;
/** The clinic orders paper every thirty days; the last time was 41 days ago. */
const PAPER_DAYS_AGO = [161, 131, 101, 71, 41];
const PRINTER_DAYS_AGO = 20;

let service: TestService;
let territory: Territory;
let trainer: string;
let serial = 0;

function bought(accountId: string, productId: string, daysAgo: number, contactId?: string) {
  serial += 1;
  return {
    messageId: `order-${serial}`,
    name: 'Order Completed',
    accountId,
    ...(contactId ? { contactId } : {}),
    occurredAt: addDays(service.clock.now(), -daysAgo).toISOString(),
    properties: { productId, value: 50 },
  };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, place) => place);

function past() {
  return [
    ...PAPER_DAYS_AGO.map((days) => bought('clinic', 'paper', days, 'jones')),
    bought('clinic', 'printer', PRINTER_DAYS_AGO, 'jones'),
    ...upTo(OFFICES).flatMap((place) => [
      bought(`office-${place}`, 'printer', 90 + place),
      ...(place < OFFICES_WITH_INK ? [bought(`office-${place}`, 'ink', 40 + place)] : []),
      ...(place % 3 === 0 ? [bought(`office-${place}`, 'lamp', 70 + place)] : []),
    ]),
    ...upTo(KITCHENS).flatMap((place) => [
      bought(`kitchen-${place}`, 'tea', 80 + place),
      bought(`kitchen-${place}`, 'honey', 35 + place),
      ...(place % 4 === 0 ? [bought(`kitchen-${place}`, 'coffee', 60 + place)] : []),
      ...(place % 5 === 0 ? [bought(`kitchen-${place}`, 'soap', 50 + place)] : []),
    ]),
  ];
}

/** An action over all products but one. */
const offer = (actionId: string, channelId: string, without: string): Promise<void> =>
  territory.put(`actions/${actionId}`, {
    name: 'Offer the next product',
    intent: 'offer',
    purpose: 'sales',
    topics: [],
    productIds: PRODUCTS.filter((productId) => productId !== without),
    channelIds: [channelId],
    outcomeId: 'order',
    value: 300,
    lever: 1,
    mandatory: false,
  });

async function plant(): Promise<void> {
  for (const productId of PRODUCTS) {
    const name = productId[0]?.toUpperCase() + productId.slice(1);
    const product = { name, price: 100, margin: 40, currency: 'EUR', topics: [], available: true };
    await territory.put(`products/${productId}`, product);
  }
  await territory.put('outcome-definitions/order', { event: 'Order Completed', withinDays: 30 });
  await offer('offer-supplies', 'visit', 'ink');
  await offer('offer-more', 'liaison-call', 'paper');
  const others = [...upTo(OFFICES).map((n) => `office-${n}`), ...upTo(KITCHENS).map((n) => `kitchen-${n}`)];
  await Promise.all(
    others.map((id) => territory.put(`accounts/${id}`, { name: id, kind: 'company', country: 'DE' })),
  );
  const { authorization } = territory;
  const events = past();
  const answer = await service.http.post('/api/v1/events').set({ authorization }).send({ events });
  expect(answer.body).toMatchObject({ accepted: events.length });
}

async function published(): Promise<{ insight: string; accounts: number; purchases: number }[]> {
  const path = '/api/v1/insights/publications';
  const answer = await service.http.post(path).set({ authorization: trainer }).expect(200);
  return answer.body.items;
}

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  trainer = (await service.key(['train', 'read'])).authorization;
  await plant();
});
afterAll(() => service.close());

const offered = ({ suggestions }: Answer) =>
  suggestions.filter(({ action }) => action.id.startsWith('offer-') && action.id !== 'offer-p');
const reasonsOf = (answer: Answer, productId: string, code: string) =>
  offered(answer)
    .filter((one) => one.productId === productId)
    .flatMap(({ reasons }) => reasons.filter((reason) => reason.code === code));

/** Decided afresh: nothing that was answered before is given again. */
async function decided(language = 'en'): Promise<Answer> {
  service.clock.advance(1000);
  const answer = await service.http
    .post('/api/v1/recommendations')
    .set({ authorization: territory.authorization, 'accept-language': language })
    .send({ accountId: 'clinic', limit: 10, fresh: true, explain: true })
    .expect(200);
  return answer.body as Answer;
}

describe('the next product of an account', () => {
  it('is published from what was bought, and listed with when and from how much', async () => {
    const [next] = (await published()).filter(({ insight }) => insight === 'next-product');
    expect(next).toMatchObject({ accounts: 1 + OFFICES + KITCHENS, purchases: serial });

    const list = await service.http
      .get('/api/v1/accounts/clinic/features?names=newProductRank,reorderEveryDays,reorderChance')
      .set({ authorization: trainer })
      .expect(200);
    const values = new Map<string, { value: number; published: object; evidence: object[] }>(
      list.body.items.map((one: { name: string; key: string }) => [`${one.name} ${one.key}`, one]),
    );
    expect(values.get('newProductRank ink')?.value).toBe(1);
    expect(values.get('newProductRank paper')).toBeUndefined(); // it is not new
    expect(values.get('reorderEveryDays paper')?.value).toBeCloseTo(30, -0.5);
    expect(values.get('reorderEveryDays paper')?.published).toMatchObject({
      insight: 'next-product',
      computedAt: service.clock.now().toISOString(),
      purchases: PAPER_DAYS_AGO.length + 1,
    });
    expect(values.get('reorderEveryDays paper')?.evidence).toHaveLength(PAPER_DAYS_AGO.length);
  });

  it('is what an action over many products offers: the new one and the due one, with reasons that state the counts', async () => {
    const answer = await decided();
    const products = offered(answer).map(({ productId }) => productId);
    expect(new Set(products)).toEqual(new Set(['paper', 'ink']));

    const [due] = reasonsOf(answer, 'paper', 'due-again');
    expect(due?.text).toMatch(/orders Paper about every (29|30|31) days; the last order was 41 days ago\.$/);
    expect(due?.evidence).toHaveLength(PAPER_DAYS_AGO.length);
    const [together] = reasonsOf(answer, 'ink', 'bought-together');
    expect(together?.text).toContain(
      `Accounts that bought Printer also buy Ink (${OFFICES_WITH_INK} accounts)`,
    );
    expect(together?.evidence.map(({ name }) => name)).toEqual(['Order Completed']);
  });

  it('is told in Persian, too', async () => {
    const answer = await decided('fa');
    expect(reasonsOf(answer, 'paper', 'due-again')[0]?.text).toContain('هر ۳');
    expect(reasonsOf(answer, 'ink', 'bought-together')[0]?.text).toContain('۱۶ حساب');
  });

  it('is due no more after it was ordered', async () => {
    const { authorization } = territory;
    const event = bought('clinic', 'paper', 0, 'jones');
    await service.http
      .post('/api/v1/events')
      .set({ authorization })
      .send({ events: [event] });
    // at once, and from the next publication on
    expect(reasonsOf(await decided(), 'paper', 'due-again')).toEqual([]);
    await published();
    const answer = await decided();
    expect(reasonsOf(answer, 'paper', 'due-again')).toEqual([]);
    expect(reasonsOf(answer, 'ink', 'bought-together')).not.toEqual([]);
  });
});
