import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';
import { type Answer, startTerritory, type Territory } from '../support/territory.js';

/**
 * An analyst of a clinic researches online, a manager fills in a form, is answered by e-mail, then talks to sales and
 * gets a price. Sales sees the form and the answer, nobody asks again, marketing is silent while sales talks, and no
 * channel contradicts the price.
 */
let service: TestService;
let territory: Territory;
/** The account manager at her desk. */
let mia: string;

interface Line {
  kind: string;
  name: string;
  title: string;
  state: string | null;
  text: string | null;
  contactId: string | null;
  memberId: string | null;
  conversationId: string | null;
}

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  await territory.put('channels/web', {
    name: 'web',
    kind: 'web',
    performedBy: 'automatic',
    costPerTouch: 0.1,
    leadTimeHours: 0,
    consent: 'opt-out',
  });
  const action = { outcomeId: 'reply', lever: 1, mandatory: false, productIds: [], topics: [], value: 50 };
  await territory.put('actions/banner', {
    ...action,
    name: 'banner',
    intent: 'content',
    purpose: 'marketing',
    channelIds: ['web'],
  });
  await territory.put('actions/discount-p', {
    ...action,
    name: 'discount-p',
    intent: 'offer',
    purpose: 'sales',
    productIds: ['P'],
    channelIds: ['visit', 'liaison-call'],
    discount: 0.2,
  });
  await territory.put('team-members/max', { name: 'Max', role: 'marketing' });
  await territory.put('contacts/ada', { accountId: 'clinic', name: 'Ada, analyst' });
  mia = (await service.key(['read', 'feedback', 'score'], { memberId: 'mia' })).authorization;
  const silence = { kind: 'conversation-hold', silences: ['marketing'], while: 'conversation', days: 14 };
  await territory.put('contact-rules/hold-conversation', silence);
  await territory.put('contact-rules/offer-lock', { kind: 'offer-lock', days: 30 });
});
afterAll(() => service.close());

const actionsOf = ({ suggestions }: Answer) => suggestions.map(({ action }) => action.id);
const ruleOf = ({ candidates = [] }: Answer, actionId: string) =>
  candidates.find((candidate) => candidate.actionId === actionId)?.rule;
const all = (body: object = {}) => territory.recommend({ limit: 20, explain: true, ...body });

const get = async (path: string) =>
  (await service.http.get(`/api/v1/${path}`).set({ authorization: mia }).expect(200)).body;
const timeline = async (query = ''): Promise<Line[]> =>
  (await get(`accounts/clinic/timeline?limit=100${query}`)).items;
const post = (path: string, body: object) =>
  service.http.post(`/api/v1/${path}`).set({ authorization: mia }).send(body).expect(201);
const minutes = (count: number) => service.clock.advance(count * 60_000);
const conversationId = 'form-1';

describe('the broken hand-over', () => {
  it('suggests content and talk on the topic that the customer asked about', async () => {
    await territory.event('Content Viewed', { topic: 'dosage', channel: 'web' }, { contactId: 'ada' });
    minutes(90);
    await territory.event('Form Submitted', {
      title: 'Ask an expert',
      topic: 'dosage',
      channel: 'web',
      conversationId,
    });
    await territory.event('Question Asked', {
      topic: 'dosage',
      text: 'Twice a day?',
      channel: 'web',
      conversationId,
    });
    const answer = await all();
    expect(actionsOf(answer)).toEqual(expect.arrayContaining(['talk-dosage', 'banner']));
    const talk = answer.suggestions.find(
      ({ action, contactId }) => action.id === 'talk-dosage' && contactId === 'jones',
    );
    expect(talk?.reasons.flatMap(({ evidence }) => evidence.map(({ name }) => name))).toContain(
      'Question Asked',
    );
    expect((await timeline('&kind=event')).find(({ name }) => name === 'Question Asked')).toMatchObject({
      state: 'open',
    });
  });

  it('takes the suggestion to answer back once a colleague has answered by e-mail', async () => {
    minutes(10);
    const said = { topic: 'dosage', channel: 'email', conversationId };
    await territory.event('Email Sent', { ...said, title: 'Your question on dosage' }, { memberId: 'max' });
    await territory.event('Question Answered', { ...said, text: 'Once a day' }, { memberId: 'max' });
    minutes(1);
    expect(actionsOf(await all({ contactId: 'jones' }))).not.toContain('talk-dosage');
    const { items } = await get('suggestions?accountId=clinic');
    const closed = items.filter(
      ({ action, contactId }: { action: { id: string }; contactId: string }) =>
        action.id === 'talk-dosage' && contactId === 'jones',
    );
    expect(closed).toMatchObject([{ state: 'withdrawn', because: expect.stringMatching(/question/) }]);
  });

  it('shows sales the form, the answer, and who gave it', async () => {
    const lines = await timeline();
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'Content Viewed', contactId: 'ada' }),
        expect.objectContaining({
          name: 'Form Submitted',
          title: 'Form submitted: Ask an expert',
          conversationId,
        }),
        expect.objectContaining({ name: 'Question Asked', state: 'answered', text: 'Twice a day?' }),
        expect.objectContaining({ kind: 'touch', name: 'Email Sent', memberId: 'max' }),
        expect.objectContaining({ name: 'Question Answered', memberId: 'max', text: 'Once a day' }),
      ]),
    );
  });

  it('does not have the question asked again days later', async () => {
    service.clock.advance(2 * 86_400_000);
    expect(actionsOf(await all({ contactId: 'jones' }))).not.toContain('talk-dosage');
    const { authorization } = await service.key(['score', 'read'], { memberId: 'leo' });
    const { body } = await service.http
      .post('/api/v1/recommendations')
      .set({ authorization })
      .send({ accountId: 'clinic', contactId: 'jones', limit: 20 })
      .expect(200);
    expect(actionsOf(body)).not.toContain('talk-dosage');
  });

  it('hands over to a colleague with the form, the question and its answer', async () => {
    const { body } = await post('visits', {
      contactId: 'jones',
      at: service.clock.now().toISOString(),
      channelId: 'visit',
      note: 'Wants an offer for two wards',
      topics: ['pricing'],
      requests: [{ role: 'medical-liaison', about: 'pricing of the study arm' }],
      promises: [{ what: 'send an offer', dueAt: '2026-03-10' }],
    });
    const handover = body.tasks.find(({ kind }: { kind: string }) => kind === 'handover');
    expect(handover).toMatchObject({ memberId: 'leo' });
    const { history } = await get(`tasks/${handover.taskId}`);
    expect(history.forms).toMatchObject([{ title: 'Ask an expert' }]);
    expect(history.answers).toMatchObject([
      { question: 'Twice a day?', answer: 'Once a day', memberId: 'max' },
    ]);
    expect(history.lastTouches.map(({ channelId }: { channelId: string }) => channelId)).toEqual([
      'visit',
      'email',
    ]);
  });

  it('lets marketing be silent until what sales agreed on in the visit is done', async () => {
    const talking = await all();
    expect(actionsOf(talking)).not.toContain('banner');
    expect(ruleOf(talking, 'banner')).toBe('conversation-hold');
    minutes(60);
    const { items } = await get('tasks?accountId=clinic&state=open');
    expect(items).toHaveLength(2);
    for (const { taskId, memberId } of items) {
      const { authorization } = await service.key(['feedback'], { memberId });
      expect(actionsOf(await all())).not.toContain('banner');
      await service.http
        .post(`/api/v1/tasks/${taskId}/completions`)
        .set({ authorization })
        .send({ note: 'done' })
        .expect(201);
    }
    expect(actionsOf(await all())).toContain('banner');
    expect((await timeline('&kind=event')).map(({ name }) => name)).toContain('Promise Kept');
  });

  it('lets marketing be silent while sales talks, and speak again when the conversation is closed', async () => {
    await territory.event('Conversation Opened', { conversationId: 'deal', channel: 'visit' });
    const talking = await all();
    expect(actionsOf(talking)).not.toContain('banner');
    expect(ruleOf(talking, 'banner')).toBe('conversation-hold');
    minutes(60);
    await territory.event('Conversation Closed', { conversationId: 'deal' });
    expect(actionsOf(await all())).toContain('banner');
  });

  it('lets no channel contradict a price that was quoted, until it lapses', async () => {
    const offers = ({ candidates = [] }: Answer) =>
      candidates
        .filter(({ actionId }) => actionId === 'discount-p')
        .map(({ channelId, rule }) => ({ channelId, rule }));
    expect(actionsOf(await all())).toContain('discount-p');
    const { suggestionId } = (await all()).suggestions.find(({ action }) => action.id === 'discount-p')!;
    const validUntil = new Date(service.clock.now().getTime() + 5 * 86_400_000).toISOString();
    await territory.event(
      'Quote Given',
      { productId: 'P', price: 95, discount: 0.05, validUntil },
      { memberId: 'mia' },
    );
    const open = (await get('suggestions?accountId=clinic&state=open')).items;
    expect(open.map((one: { suggestionId: string }) => one.suggestionId)).not.toContain(suggestionId);
    const locked = await all();
    expect(actionsOf(locked)).not.toContain('discount-p');
    const refused = offers(locked).filter(({ rule }) => rule === 'offer-lock');
    expect(new Set(refused.map(({ channelId }) => channelId))).toEqual(new Set(['visit', 'liaison-call']));
    service.clock.advance(6 * 86_400_000);
    expect(actionsOf(await all())).toContain('discount-p');
  });
});
