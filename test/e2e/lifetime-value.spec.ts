import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, type Rng, seededRng } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

const BUYERS = 60;
/** Days of the past in which buyers buy. */
const PAST = 360;

let service: TestService;
let territory: Territory;
let authorization: string;

/** Orders of one buyer: some come back every month, some once a quarter, some leave after a while. */
function orders(rng: Rng, buyer: number): object[] {
  const every = buyer % 2 === 0 ? 30 : 90;
  const until = buyer % 3 === 0 ? PAST / 2 : 0;
  const found: object[] = [];
  for (let daysAgo = PAST - 30 * rng.next(); daysAgo > until; daysAgo -= every * (0.5 + rng.next()))
    found.push(order(`b${buyer}`, daysAgo, 200));
  return found;
}

/** Pulmo costs 100 and earns 40. */
const order = (accountId: string, daysAgo: number, value: number, name = 'Order Completed') => ({
  messageId: `${name}-${accountId}-${daysAgo}`,
  name,
  accountId,
  contactId: `${accountId}-c`,
  occurredAt: addDays(service.clock.now(), -daysAgo).toISOString(),
  properties: { productId: 'P', value },
});

async function tell(events: object[]): Promise<void> {
  const answer = await service.http.post('/api/v1/events').set({ authorization }).send({ events });
  if (answer.body.accepted !== events.length) throw new Error(JSON.stringify(answer.body));
}

async function publish(): Promise<void> {
  const { authorization: train } = await service.key(['train']);
  const answer = await service.http.post('/api/v1/insights/publications').set({ authorization: train });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

/** What is known of an account, by the feature's name. */
async function known(accountId: string): Promise<Map<string, number | null>> {
  const answer = await service.http
    .get(`/api/v1/accounts/${accountId}/features?limit=500`)
    .set({ authorization });
  const items = answer.body.items as { name: string; value: number | null }[];
  return new Map(items.map(({ name, value }) => [name, value]));
}

const valueOf = async (accountId: string): Promise<number | undefined> => {
  const { suggestions } = await territory.recommend({ accountId, limit: 5, fresh: true });
  return suggestions.find(({ action, channelId }) => action.id === 'offer-p' && channelId === 'visit')?.value;
};

const offer = (changes: object) =>
  territory.put('actions/offer-p', {
    name: 'Offer Pulmo',
    intent: 'offer',
    purpose: 'sales',
    productIds: ['P'],
    channelIds: ['visit'],
    outcomeId: 'reply',
    value: 1000,
    ...changes,
  });

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  ({ authorization } = territory);
  const rng = seededRng('buyers');
  await tell(Array.from({ length: BUYERS }, (_, buyer) => orders(rng, buyer)).flat());
  await publish();
});
afterAll(() => service.close());

describe('lifetime value', () => {
  it('tells who still buys, how often and what it is worth, with an interval', async () => {
    const active = await known('b2'); // every month, to the end
    const gone = await known('b6'); // every month, until half a year ago

    expect(active.get('probabilityAlive')).toBeGreaterThan(0.9);
    expect(gone.get('probabilityAlive')).toBeLessThan(0.5);
    expect(active.get('expectedPurchases')).toBeGreaterThan(6);
    expect(active.get('expectedPurchases')).toBeLessThan(14);
    // two units each time at a margin of 40
    const perPurchase = (active.get('lifetimeValue') ?? 0) / (active.get('expectedPurchases') ?? 1);
    expect(perPurchase).toBeGreaterThan(70);
    expect(perPurchase).toBeLessThan(82);
    expect(active.get('lifetimeValueLow')).toBeLessThan(active.get('lifetimeValue') ?? 0);
    expect(active.get('lifetimeValueHigh')).toBeGreaterThan(active.get('lifetimeValue') ?? 0);
    expect(gone.get('lifetimeValueLow')).toBe(0);
  });

  it('is unknown of an account that never bought', async () => {
    expect((await known('clinic')).get('lifetimeValue')).toBeNull();
  });

  it('stands for value where the action says so and it is known', async () => {
    await offer({});
    expect(await valueOf('b2')).toBe(1000);
    await offer({ valueFrom: 'lifetime' });
    const gained = (await known('b6')).get('lifetimeValueGained') ?? NaN;
    expect(await valueOf('b6')).toBeCloseTo(gained, 2);
    expect(await valueOf('clinic')).toBe(1000);
    await offer({ valueFrom: 'lifetime', discount: 30 });
    expect(await valueOf('b6')).toBeCloseTo(gained - 30, 2);
    const saved = await service.http.get('/api/v1/actions/offer-p').set({ authorization });
    expect(saved.body.valueFrom).toBe('lifetime');
  });

  it('counts refunds: what was given back was not earned', async () => {
    const before = (await known('b2')).get('lifetimeValue') ?? 0;
    await tell([order('b2', 0.1, 130, 'Order Refunded')]);
    await publish();
    const after = (await known('b2')).get('lifetimeValue') ?? NaN;
    expect(after).toBeLessThan(before - 10);
    expect(after).toBeGreaterThan(0.7 * before);
  });
});
