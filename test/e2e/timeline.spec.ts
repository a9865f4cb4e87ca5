import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RaiseAlert } from '../../src/workflows/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

interface Item {
  at: string;
  kind: string;
  title: string;
  name: string;
  state: string | null;
  text: string | null;
  channelId: string | null;
  memberId: string | null;
  contactId: string | null;
  topics: string[];
  eventId: string;
}

let service: TestService;
let territory: Territory;
let mia: string;
let leo: string;
let noon: string;

const get = (path: string, authorization = territory.authorization, language?: string) =>
  service.http
    .get(`/api/v1/${path}`)
    .set({ authorization, ...(language === undefined ? {} : { 'accept-language': language }) });
const timeline = async (
  query = '',
  authorization = territory.authorization,
  language?: string,
): Promise<Item[]> =>
  (await get(`accounts/clinic/timeline?limit=500${query}`, authorization, language).expect(200)).body.items;
const post = (path: string, body: object, authorization = territory.authorization) =>
  service.http.post(`/api/v1/${path}`).set({ authorization }).send(body).expect(201);
const minute = () => service.clock.advance(60_000);

/** One story that leaves a line of every kind. */
beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  const { put, event } = territory;
  await put('team-members/eve', { name: 'Eve', role: 'account-manager' });
  await put('contacts/miller', { accountId: 'clinic', name: 'Dr. Miller' });
  await put('contact-rules/firewall', {
    kind: 'firewall',
    topics: ['side-effects'],
    hideFrom: ['account-manager'],
  });
  const { authorization: admin } = await service.key(['admin']);
  await service.http
    .put('/api/v1/trigger-rules/pricing')
    .set({ authorization: admin })
    .send({
      when: { event: 'Page Viewed', where: 'event.properties.topic == "pricing"' },
      count: 1,
      withinHours: 24,
      maxLatenessHours: 24,
      priority: 50,
      cooldownHours: 24,
      validHours: 24,
      role: 'account-manager',
      message: { en: '{contact} looks at prices.', fa: '{contact} قیمت‌ها را می‌بیند.' },
    })
    .expect(({ status }) => expect(status).toBeLessThan(300));
  [mia, leo] = (await Promise.all(
    ['mia', 'leo'].map(
      async (memberId) => (await service.key(['read', 'feedback'], { memberId })).authorization,
    ),
  )) as [string, string];
  await event('Page Viewed', { title: 'Prices', topic: 'pricing', channel: 'web' });
  await service.app.get(RaiseAlert, { strict: false }).runDue(service.clock.now());
  minute();
  await event('Question Asked', { topic: 'dosage', text: 'How often?', channel: 'web' });
  await event(
    'Question Asked',
    { topic: 'efficacy', text: 'Does it work?', channel: 'web' },
    { contactId: 'miller' },
  );
  await event('Question Asked', { topic: 'side-effects', text: 'A rash?', channel: 'web' });
  minute();
  await event(
    'Question Answered',
    { topic: 'dosage', text: 'Once a day', channel: 'email' },
    { memberId: 'leo' },
  );
  await event('Email Sent', { channel: 'email', title: 'Dosage' }, { memberId: 'leo' });
  await event(
    'Call Logged',
    { channel: 'liaison-call', topics: ['side-effects'], note: 'About a rash' },
    { memberId: 'leo' },
  );
  noon = service.clock.now().toISOString();
  minute();
  await post('contacts/jones/consents', {
    channelId: 'email',
    purpose: 'marketing',
    status: 'withdrawn',
    source: 'contact',
    wording: 'No more',
  });
  const { suggestions } = await territory.recommend({ limit: 3 });
  await post(`suggestions/${suggestions[0]!.suggestionId}/responses`, {
    kind: 'dismissed',
    reason: 'wrong-time',
  });
  await post('outcomes', {
    outcomeRef: 'o1',
    outcomeId: 'reply',
    accountId: 'clinic',
    contactId: 'jones',
    value: 10,
    occurredAt: service.clock.now().toISOString(),
  });
  minute();
  const { body: task } = await post('tasks', {
    kind: 'handover',
    accountId: 'clinic',
    contactId: 'jones',
    role: 'medical-liaison',
    about: 'bring the study',
    dueAt: '2026-03-06',
  });
  minute();
  await post(`tasks/${task.taskId}/completions`, { note: 'brought' }, leo);
});
afterAll(() => service.close());

describe('GET /accounts/{accountId}/timeline', () => {
  it('shows every kind of thing that happened, by everyone, newest first', async () => {
    const items = await timeline();
    expect(new Set(items.map(({ kind }) => kind))).toEqual(
      new Set(['event', 'touch', 'consent', 'suggestion', 'response', 'outcome', 'task', 'alert']),
    );
    const times = items.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    const of = (kind: string) => items.filter((item) => item.kind === kind);
    expect(of('touch')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'Email Sent',
          title: 'E-mail sent: Dosage',
          memberId: 'leo',
          channelId: 'email',
        }),
        expect.objectContaining({ name: 'Call Logged', memberId: 'leo', text: 'About a rash' }),
      ]),
    );
    expect(of('consent')).toMatchObject([
      { name: 'withdrawn', title: 'Consent withdrawn: email · marketing', text: 'No more' },
    ]);
    expect(of('response')).toMatchObject([{ name: 'dismissed', state: 'wrong-time' }]);
    expect(of('outcome')).toMatchObject([{ name: 'reply', eventId: 'o1', title: 'Outcome: reply' }]);
    expect(of('task')).toMatchObject([
      { name: 'ended', title: 'Task done: bring the study', text: 'brought' },
      { name: 'handover', title: 'Hand-over: bring the study', state: 'completed' },
    ]);
    expect(of('alert')).toMatchObject([{ name: 'pricing', text: expect.stringContaining('prices') }]);
    expect(of('suggestion').length).toBeGreaterThan(0);
  });

  it('says of each question whether it was answered', async () => {
    const questions = (await timeline('&kind=event')).filter(({ name }) => name === 'Question Asked');
    const state = Object.fromEntries(questions.map(({ topics, state: now }) => [topics[0], now]));
    expect(state).toEqual({ dosage: 'answered', efficacy: 'open', 'side-effects': 'open' });
  });

  it('pages through lines of all kinds, also of the same instant, without loss or repetition', async () => {
    const all = await timeline();
    for (const limit of [1, 2, 7]) {
      const seen: Item[] = [];
      let cursor = '';
      do {
        const { body } = await get(`accounts/clinic/timeline?limit=${limit}${cursor}`).expect(200);
        seen.push(...body.items);
        cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
      } while (cursor !== '');
      expect(seen).toEqual(all);
    }
  });

  it('keeps its place when something newer happens between two pages', async () => {
    const all = await timeline();
    const { body: first } = await get('accounts/clinic/timeline?limit=5').expect(200);
    minute();
    await territory.event('Page Viewed', { title: 'Home' });
    const { body: rest } = await get(`accounts/clinic/timeline?limit=500&cursor=${first.nextCursor}`).expect(
      200,
    );
    expect([...first.items, ...rest.items]).toEqual(all);
  });

  it('filters by kind, contact and time', async () => {
    expect(new Set((await timeline('&kind=task,alert')).map(({ kind }) => kind))).toEqual(
      new Set(['task', 'alert']),
    );
    expect(new Set((await timeline('&kind=task&kind=consent')).map(({ kind }) => kind))).toEqual(
      new Set(['task', 'consent']),
    );
    expect(await timeline('&contactId=miller&kind=event')).toMatchObject([{ topics: ['efficacy'] }]);
    const all = await timeline();
    const at = encodeURIComponent(noon);
    const from = await timeline(`&from=${at}`);
    const to = await timeline(`&to=${at}`);
    expect([...from, ...to]).toEqual(all);
    expect(from.every((item) => item.at >= noon)).toBe(true);
    expect(from.some((item) => item.at === noon)).toBe(true);
  });

  it('hides from a role what the firewall keeps from it, and shows that a colleague was there', async () => {
    const sales = await timeline('', mia);
    expect(JSON.stringify(sales)).not.toContain('rash');
    expect(JSON.stringify(sales)).not.toContain('side-effects');
    expect(sales).toContainEqual(
      expect.objectContaining({
        kind: 'touch',
        name: 'Call Logged',
        memberId: 'leo',
        text: null,
        topics: [],
      }),
    );
    expect(sales.some(({ topics }) => topics.includes('dosage'))).toBe(true);
    const medical = JSON.stringify(await timeline('', leo));
    expect(medical).toContain('A rash?');
    expect(medical).toContain('About a rash');
  });

  it('speaks the caller’s language: that of the call, else that of the member', async () => {
    const titles = async (authorization: string, language?: string) =>
      (await timeline('&kind=task', authorization, language)).map(({ title }) => title);
    expect(await titles(mia, 'fa-IR,en;q=0.5')).toEqual([
      'کار انجام شد: bring the study',
      'واگذاری: bring the study',
    ]);
    expect(await titles(mia)).toEqual(['Task done: bring the study', 'Hand-over: bring the study']);
    await territory.put('team-members/mia', { name: 'mia', role: 'account-manager', locale: 'fa' });
    expect((await titles(mia))[0]).toContain('کار انجام شد');
  });

  it('says in that language why a suggestion no longer stands', async () => {
    const dismissed = async (language: string) =>
      (await timeline('&kind=suggestion', territory.authorization, language)).find(
        ({ state }) => state === 'dismissed',
      )?.text;
    expect(await dismissed('en')).toMatch(/time/);
    expect(await dismissed('fa')).toMatch(/[\u0600-\u06ff]/);
  });

  it('refuses what it does not know, with a pointer', async () => {
    const pointer = async (query: string) =>
      (await get(`accounts/clinic/timeline?${query}`).expect(422)).body.errors[0].pointer;
    expect(await pointer('kind=weather')).toBe('/kind');
    expect(await pointer('from=yesterday')).toBe('/from');
    expect(await pointer('to=2026-03-02')).toBe('/to');
    expect(await pointer('cursor=rubbish')).toBe('/cursor');
    expect(await pointer(`cursor=${Buffer.from('{"at":"x"}').toString('base64url')}`)).toBe('/cursor');
    expect(await pointer('limit=0')).toBe('/limit');
    expect(await pointer('colour=red')).toBe('/colour');
  });

  it('is not shown to another account’s manager', async () => {
    const eve = await service.key(['read'], { memberId: 'eve' });
    await get('accounts/clinic/timeline', eve.authorization).expect(404);
    await get('accounts/nowhere/timeline').expect(404);
    const { authorization } = await service.key(['score']);
    await get('accounts/clinic/timeline', authorization).expect(403);
  });
});
