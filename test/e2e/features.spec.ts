import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KnownFeatures } from '../../src/catalogue/index.js';
import { FeatureSet } from '../../src/features/index.js';
import { startTestService, type TestService } from '../support/service.js';

interface Item {
  name: string;
  key?: string;
  value: number | null;
  unit: string;
  description: string;
  shares?: number[];
  evidence: { eventId: string; name: string; at: string }[];
}

let service: TestService;
let read: string;

const at = (hours: number): string =>
  new Date(service.clock.now().getTime() + hours * 3_600_000).toISOString();

beforeAll(async () => {
  service = await startTestService();
  read = (await service.key(['read'])).authorization;
  const ingest = (await service.key(['ingest'], { source: 'crm' })).authorization;
  const from = { accountId: 'clinic', contactId: 'ana' };
  const events = [
    { ...from, name: 'Email Sent', occurredAt: at(-72), properties: { channel: 'email' } },
    { ...from, name: 'Email Opened', occurredAt: at(-71), properties: { channel: 'email' } },
    { ...from, name: 'Content Viewed', occurredAt: at(-48), properties: { topic: 'side-effects' } },
    { ...from, name: 'Content Viewed', occurredAt: at(-24), properties: { topic: 'dosage' } },
    { ...from, name: 'Question Asked', occurredAt: at(-2), properties: { topic: 'side-effects' } },
    { ...from, contactId: 'ben', name: 'Content Viewed', occurredAt: at(-1), properties: { topic: 'price' } },
  ].map((event, index) => ({ ...event, messageId: `m${index}` }));
  const taken = await service.http.post('/api/v1/events').set('authorization', ingest).send({ events });
  expect(taken.body).toMatchObject({ accepted: events.length });
}, 60_000);
afterAll(() => service.close());

function features(query: string, authorization = read, account = 'clinic') {
  return service.http.get(`/api/v1/accounts/${account}/features${query}`).set('authorization', authorization);
}

async function items(query: string): Promise<Item[]> {
  const answer = await features(query);
  expect(answer.status).toBe(200);
  return answer.body.items;
}

describe('GET /api/v1/accounts/{id}/features', () => {
  it('gives each value with the events behind it, newest first', async () => {
    const [value] = await items('?names=reads3&contactId=ana');
    expect(value).toMatchObject({ name: 'reads3', unit: 'reads', description: expect.any(String) });
    const age = (hours: number): number => 2 ** (-hours / 24 / 3);
    expect(value?.value).toBeCloseTo(age(48) + age(24) + age(2), 9);
    expect(value?.evidence).toEqual([
      { eventId: expect.any(String), name: 'Question Asked', at: at(-2) },
      { eventId: expect.any(String), name: 'Content Viewed', at: at(-24) },
      { eventId: expect.any(String), name: 'Content Viewed', at: at(-48) },
    ]);
  });

  it('gives one entry for each key of a keyed feature', async () => {
    const found = await items('?names=daysSinceTopicInterest&contactId=ana');
    expect(found.map(({ key, value }) => [key, value])).toEqual([
      ['dosage', 1],
      ['side-effects', 2 / 24],
    ]);
    expect(found[1]?.evidence).toHaveLength(1);
  });

  it('reads all contacts together unless one is named', async () => {
    const keys = async (query: string) =>
      (await items(`?names=topicInterest14${query}`)).map(({ key }) => key);
    expect(await keys('')).toEqual(['dosage', 'price', 'side-effects']);
    expect(await keys('&contactId=ben')).toEqual(['price']);
  });

  it('says null, and no evidence, where nothing is known', async () => {
    const [orders, visit] = await items('?names=daysSinceVisit,orders');
    expect(visit).toMatchObject({ name: 'daysSinceVisit', value: null, evidence: [] });
    expect(orders).toMatchObject({ name: 'orders', value: null, evidence: [] });
  });

  it('gives the shares of a histogram in local time', async () => {
    // Berlin: the question was asked on Monday at 08:00, two contents were viewed at 10:00 on Saturday and Sunday
    const [hours] = await items('?names=activityHours&contactId=ana');
    expect(hours?.shares).toHaveLength(168);
    expect(hours?.shares?.[8]).toBeCloseTo(0.25, 6);
    expect(hours?.shares?.[5 * 24 + 10]).toBeCloseTo(0.25, 6);
    expect(hours?.shares?.[6 * 24 + 10]).toBeCloseTo(0.25, 6);
  });

  it('goes through all features page by page, each once', async () => {
    const all = await items('?limit=500');
    const paged: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const answer = await features(`?limit=17${cursor && `&cursor=${cursor}`}`);
      paged.push(...answer.body.items);
      cursor = answer.body.nextCursor;
    }
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(60);
  });

  it('refuses names that no feature has, and says where they are listed', async () => {
    const answer = await features('?names=reads3,nonsense');
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([
      { pointer: '/names', detail: expect.stringMatching(/nonsense.*feature-definitions/) },
    ]);
  });

  it('does not know other accounts, nor contacts of others', async () => {
    expect((await features('', read, 'nobody')).status).toBe(404);
    expect((await features('?contactId=carla')).status).toBe(404);
  });

  it('is closed to keys without the scope and to members who do not look after the account', async () => {
    const score = (await service.key(['score'])).authorization;
    expect((await features('', score)).status).toBe(403);
    const catalogue = (await service.key(['catalogue'])).authorization;
    const member = { name: 'Mia', role: 'account-manager', email: null, timeZone: null, locale: null };
    const saved = await service.http
      .put('/api/v1/team-members/mia')
      .set('authorization', catalogue)
      .send({ name: member.name, role: member.role });
    expect(saved.status).toBe(200);
    const mia = (await service.key(['read'], { memberId: 'mia' })).authorization;
    expect((await features('', mia)).status).toBe(404);
    await service.http.put('/api/v1/accounts/clinic/team/mia').set('authorization', catalogue).send({});
    expect((await features('', mia)).status).toBe(200);
  });
});

describe('GET /api/v1/feature-definitions', () => {
  it('lists what is declared, page by page', async () => {
    const list = (query: string) =>
      service.http.get(`/api/v1/feature-definitions${query}`).set('authorization', read);
    const all = (await list('?limit=500')).body;
    expect(all.nextCursor).toBeNull();
    const names: string[] = all.items.map(({ name }: Item) => name);
    expect(names).toEqual(service.app.get(FeatureSet).definitions.map(({ name }) => name));
    expect(all.items[names.indexOf('topicInterest3')]).toMatchObject({
      kind: 'decayed-sum',
      per: 'contact',
      by: 'topic',
      model: true,
      settings: { halfLifeDays: 3 },
    });
    const first = (await list('?limit=10')).body;
    const second = (await list(`?limit=10&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items]).toEqual(all.items.slice(0, 20));
  });

  it('names the same features to expressions', () => {
    const known = service.app.get(KnownFeatures);
    expect(known.scalarNames()).toContain('daysSinceVisit');
    expect(known.keyedNames()).toContain('topicInterest3');
    expect(known.scalarNames()).not.toContain('topicInterest3');
  });
});
