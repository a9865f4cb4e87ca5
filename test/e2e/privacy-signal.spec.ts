import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContactId } from '../../src/catalogue/index.js';
import { PreferenceLinks } from '../../src/consent/index.js';
import { addDays, MINUTE } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';

/** Global Privacy Control: `Sec-GPC: 1` of a browser is a "no" to adverts, once, and to nothing else. */
let service: TestService;
let authorization: string;
let site: string;
let contacts = 0;
let messages = 0;
let ana: string;

beforeAll(async () => {
  service = await startTestService();
  ({ authorization } = await service.key(['catalogue', 'consent', 'read', 'ingest', 'score']));
  site = (await service.key(['ingest:public'])).authorization;
  const channels = { email: 'email', social: 'social', banners: 'advert', search: 'advert' };
  for (const [channelId, kind] of Object.entries(channels))
    await put(`channels/${channelId}`, {
      name: channelId,
      kind,
      performedBy: 'automatic',
      costPerTouch: 0,
      leadTimeHours: 0,
      consent: 'opt-out',
    });
  await put('outcome-definitions/reply', { event: 'Email Replied', withinDays: 14 });
  await put('actions/news', {
    name: 'news',
    intent: 'content',
    purpose: 'marketing',
    topics: [],
    productIds: [],
    channelIds: Object.keys(channels),
    outcomeId: 'reply',
    value: 1,
    lever: 1,
    mandatory: false,
  });
});
afterAll(() => service.close());

beforeEach(async () => {
  service.clock.advance(MINUTE);
  ana = `ana-${(contacts += 1)}`;
  await put(`accounts/${ana}-firm`, { name: 'Firm', kind: 'company' });
  await put(`contacts/${ana}`, { accountId: `${ana}-firm`, name: 'Ana' });
});

async function put(path: string, body: object): Promise<void> {
  await service.http.put(`/api/v1/${path}`).set({ authorization }).send(body).expect(200);
}

const event = (who: object, more: object = {}) => ({
  messageId: `m${(messages += 1)}`,
  name: 'Page Viewed',
  occurredAt: service.clock.now().toISOString(),
  ...who,
  ...more,
});
const tell = (events: object[], headers: Record<string, string> = { 'sec-gpc': '1' }, key = site) =>
  service.http
    .post('/api/v1/events')
    .set({ authorization: key, ...headers })
    .send({ events })
    .expect(200);

async function consents(contactId = ana) {
  const { body } = await service.http
    .get(`/api/v1/contacts/${contactId}/consents`)
    .set({ authorization })
    .expect(200);
  const { status, history } = body as {
    status: { channelId: string; purpose: string; allowed: boolean }[];
    history: {
      channelId: string;
      purpose: string;
      status: string;
      source: string;
      wording: string;
      proof: string;
    }[];
  };
  const allowed = status.filter(({ purpose }) => purpose === 'marketing').filter((one) => one.allowed);
  return { allowed: allowed.map(({ channelId }) => channelId).sort(), history };
}
const EVERYTHING = ['banners', 'email', 'search', 'social'];
const NO_ADVERTS = ['email', 'social'];

describe('events of a browser that asks for privacy', () => {
  it('stop adverts to their contact, with the event as proof, and nothing else', async () => {
    expect((await consents()).allowed).toEqual(EVERYTHING);
    await tell([event({ contactId: ana })]);
    const { allowed, history } = await consents();
    expect(allowed).toEqual(NO_ADVERTS);
    expect(history).toHaveLength(2);
    for (const fact of history)
      expect(fact).toMatchObject({
        purpose: '*',
        status: 'withdrawn',
        source: 'contact',
        wording: 'Sec-GPC: 1',
        proof: expect.stringMatching(/^event /),
      });
  });

  it.each([{}, { 'sec-gpc': '0' }, { 'sec-gpc': 'true' }, { 'sec-gpc': '1, 1' }])(
    'and no others: %j',
    async (headers) => {
      await tell([event({ contactId: ana })], headers as Record<string, string>);
      expect((await consents()).allowed).toEqual(EVERYTHING);
    },
  );

  it('say so once, however many they are: what she says later herself stands', async () => {
    await tell([event({ contactId: ana }), event({ contactId: ana })]);
    await Promise.all([tell([event({ contactId: ana })]), tell([event({ contactId: ana })])]);
    expect((await consents()).history).toHaveLength(2);
    service.clock.advance(MINUTE);
    await service.http
      .post(`/api/v1/contacts/${ana}/consents`)
      .set({ authorization })
      .send({ channelId: 'banners', purpose: '*', status: 'granted', source: 'contact' })
      .expect(201);
    service.clock.advance(MINUTE);
    await tell([event({ contactId: ana })]);
    expect((await consents()).allowed).toEqual(['banners', 'email', 'social']);
  });

  it('are remembered of a visitor whom nobody knows yet', async () => {
    await tell([event({ anonymousId: `visitor of ${ana}` })]);
    expect((await consents()).allowed).toEqual(EVERYTHING);
    await service.http
      .post('/v1/identify')
      .set({ authorization })
      .send({ type: 'identify', messageId: `i${ana}`, userId: ana, anonymousId: `visitor of ${ana}` })
      .expect(200);
    expect((await consents()).allowed).toEqual(NO_ADVERTS);
  });

  it('may come as Segment’s browser library sends them', async () => {
    const body = JSON.stringify({
      type: 'page',
      messageId: `p${ana}`,
      userId: ana,
      name: 'Home',
      properties: {},
    });
    await service.http
      .post('/v1/p')
      .set({ authorization: site, 'content-type': 'text/plain', 'sec-gpc': '1' })
      .send(body)
      .expect(200);
    expect((await consents()).allowed).toEqual(NO_ADVERTS);
  });

  it('may be told on by a server, which says so of each', async () => {
    const other = `${ana}-other`;
    await put(`contacts/${other}`, { accountId: `${ana}-firm`, name: 'Other' });
    const signal = { properties: { globalPrivacyControl: true } };
    await tell([event({ contactId: ana }, signal), event({ contactId: other })], {}, authorization);
    expect((await consents()).allowed).toEqual(NO_ADVERTS);
    expect((await consents(other)).allowed).toEqual(EVERYTHING);
  });

  it('withdraw what is suggested by advert, in their own transaction', async () => {
    await put('contact-rules/free', { kind: 'cap', limit: 100, days: 1, per: 'contact' });
    const recommend = () =>
      service.http
        .post('/api/v1/recommendations')
        .set({ authorization })
        .send({ accountId: `${ana}-firm`, limit: 10 })
        .expect(200);
    const before = (await recommend()).body as { suggestions: { channelId: string; suggestionId: string }[] };
    const adverts = before.suggestions.filter(({ channelId }) => ['banners', 'search'].includes(channelId));
    expect(adverts.length).toBeGreaterThan(0);
    await tell([event({ contactId: ana })]);
    const after = await service.database.query<{ state: string }[]>(
      'select state from suggestions where suggestion_id = any($1)',
      [adverts.map(({ suggestionId }) => suggestionId)],
    );
    expect(new Set(after.map(({ state }) => state))).toEqual(new Set(['withdrawn']));
  });
});

describe('the preference page in such a browser', () => {
  const page = () =>
    new URL(
      service.app.get(PreferenceLinks, { strict: false }).preferencesUrl({
        contactId: ana as ContactId,
        touchId: null,
        until: addDays(service.clock.now(), 1),
      }),
    ).pathname;

  it('has the adverts unticked and says why; without the signal it says nothing of it', async () => {
    const plain = await service.http.get(page()).expect(200);
    expect(plain.text).not.toContain('Global Privacy Control');
    expect((await consents()).allowed).toEqual(EVERYTHING);
    const { text } = await service.http.get(page()).set({ 'sec-gpc': '1' }).expect(200);
    expect(text).toContain('Global Privacy Control');
    expect((await consents()).allowed).toEqual(NO_ADVERTS);
    const persian = await service.http.get(`${page()}?language=fa`).set({ 'sec-gpc': '1' }).expect(200);
    expect(persian.text).toContain('مرورگر شما');
    expect((await consents()).history).toHaveLength(2);
  });

  it('takes her own word against it', async () => {
    const { text } = await service.http.get(page()).set({ 'sec-gpc': '1' });
    service.clock.advance(MINUTE);
    const form = new URLSearchParams();
    for (const [, attributes = ''] of text.matchAll(/<input ([^>]*)>/g)) {
      const [, name = ''] = /name="([^"]*)"/.exec(attributes) ?? [];
      const [, value = ''] = /value="([^"]*)"/.exec(attributes) ?? [];
      const ticked = !attributes.includes('type="checkbox"') || attributes.includes('checked');
      if (ticked || value.includes('banners')) form.append(name, value.replaceAll('&#34;', '"'));
    }
    form.append('do', 'save');
    form.append('weekly', '');
    await service.http
      .post(page())
      .set({ 'sec-gpc': '1', 'content-type': 'application/x-www-form-urlencoded' })
      .send(form.toString())
      .expect(200);
    service.clock.advance(MINUTE);
    await service.http.get(page()).set({ 'sec-gpc': '1' }).expect(200);
    await tell([event({ contactId: ana })]);
    expect((await consents()).allowed).toEqual(['banners', 'email', 'social']);
  });
});

it('the site says that it obeys the signal', async () => {
  const { body, headers } = await service.http.get('/.well-known/gpc.json').expect(200);
  expect(headers['content-type']).toMatch('application/json');
  expect(body).toEqual({ gpc: true, lastUpdate: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) });
});
