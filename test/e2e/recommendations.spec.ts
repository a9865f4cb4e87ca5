import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

let service: TestService;
let territory: Territory;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
});
afterAll(() => service.close());

const post = (body: object, authorization = territory.authorization) =>
  service.http.post('/api/v1/recommendations').set({ authorization }).send(body);

describe('POST /recommendations', () => {
  it('answers with what to do, for whom, on which channel and when, before any model exists by the declared rules', async () => {
    const answer = await territory.recommend({ limit: 3, fresh: true });
    expect(answer).toMatchObject({
      accountId: 'clinic',
      reused: false,
      noAction: null,
      model: { name: 'fallback-rules', version: '1' },
      decisionId: expect.any(String),
    });
    expect(answer.suggestions).toHaveLength(3);
    const [first, second] = answer.suggestions;
    expect(first).toMatchObject({
      rank: 1,
      contactId: 'jones',
      inclusionProbability: 1,
      performedBy: { role: 'account-manager', memberId: 'mia' },
      slot: { timeZone: 'Europe/Berlin' },
    });
    expect(second?.inclusionProbability).toBeNull();
    expect(first!.priority).toBeGreaterThanOrEqual(second!.priority);
    expect(new Date(first!.slot.from) >= service.clock.now()).toBe(true);
  });

  it('never suggests a channel without consent, and counts what was refused by rule', async () => {
    const answer = await territory.recommend({ limit: 10, fresh: true });
    expect(answer.suggestions.map(({ channelId }) => channelId)).not.toContain('email');
    expect(answer.suppressed).toEqual(
      expect.arrayContaining([
        { rule: 'consent', count: 2 },
        { rule: 'eligibility', count: 1 },
      ]),
    );
  });

  it('gives the same question the same answer while nothing has changed, and a new one after an event', async () => {
    const first = await territory.recommend({ limit: 2 });
    const again = await territory.recommend({ limit: 2 });
    expect(again).toMatchObject({ reused: true, decisionId: first.decisionId });
    expect(again.suggestions).toEqual(first.suggestions);
    await territory.event('Content Viewed', { topic: 'dosage' });
    const after = await territory.recommend({ limit: 2 });
    expect(after.reused).toBe(false);
    expect(after.decisionId).not.toBe(first.decisionId);
    const kept = after.suggestions.filter(({ action }) =>
      first.suggestions.some((one) => one.action.id === action.id),
    );
    expect(kept.length).toBeGreaterThan(0);
    for (const one of kept) {
      expect(first.suggestions.map(({ suggestionId }) => suggestionId)).toContain(one.suggestionId);
    }
  });

  it('puts what the customer wants now before everything else', async () => {
    const answer = await territory.recommend({ limit: 3, context: { need: 'asked about side effects' } });
    expect(answer.suggestions[0]?.action.id).toBe('answer-safety');
    expect(answer.suggestions[0]?.performedBy).toEqual({ role: 'medical-liaison', memberId: 'leo' });
  });

  it('admits no other channel than the one on which the customer is', async () => {
    const answer = await territory.recommend({ limit: 5, context: { channel: 'liaison-call' } });
    expect(new Set(answer.suggestions.map(({ channelId }) => channelId))).toEqual(new Set(['liaison-call']));
  });

  it('explains every candidate: a priority, or the rule that refused it', async () => {
    const { candidates = [] } = await territory.recommend({ explain: true });
    expect(candidates).toHaveLength(6);
    expect(candidates.find(({ actionId }) => actionId === 'newsletter')).toMatchObject({
      channelId: 'email',
      propensity: null,
      rule: 'consent',
      because: expect.any(String),
    });
    expect(
      candidates.filter(({ rule }) => rule === undefined).every(({ priority }) => priority !== null),
    ).toBe(true);
  });

  it('shows as reasons only what events in the log stand behind', async () => {
    await territory.event('Page Viewed', { topic: 'side-effects' });
    const { suggestions } = await territory.recommend({ limit: 5, fresh: true });
    const safety = suggestions.find(({ action }) => action.id === 'answer-safety');
    expect(safety?.reasons.length).toBeGreaterThan(0);
    const [reason] = safety!.reasons;
    expect(reason).toMatchObject({ code: 'topic-interest', text: expect.stringContaining('side effects') });
    const [row] = await service.database.query<{ name: string }[]>(
      'select name from events where event_id = $1',
      [reason!.evidence[0]!.eventId],
    );
    expect(row?.name).toBe('Page Viewed');
    for (const { reasons } of suggestions)
      for (const { evidence } of reasons) expect(evidence.length).toBeGreaterThan(0);
  });

  it('words reasons in Persian with its own digits and calendar', async () => {
    const { body } = await post({ accountId: 'clinic', limit: 5 }).set('accept-language', 'fa-IR');
    const text =
      body.suggestions.flatMap((one: { reasons: { text: string }[] }) => one.reasons)[0]?.text ?? '';
    expect(text).toMatch(/[\u06f0-\u06f9]/);
    expect(text).toMatch(/اسفند|امروز/);
  });

  it('decides as of another time only in a dry run, which stores nothing', async () => {
    const count = async () =>
      (await service.database.query<{ n: number }[]>('select count(*)::int as n from decisions'))[0]?.n;
    const before = await count();
    const { body } = await post({
      accountId: 'clinic',
      dryRun: true,
      at: '2026-03-07T22:00:00+01:00',
    }).expect(200);
    expect(new Date(body.suggestions[0].slot.from) > new Date('2026-03-07T22:00:00+01:00')).toBe(true);
    expect(await count()).toBe(before);
    const { body: problem } = await post({ accountId: 'clinic', at: '2026-03-07T22:00:00+01:00' }).expect(
      422,
    );
    expect(problem.errors).toEqual([{ pointer: '/at', detail: expect.stringContaining('dryRun') }]);
  });

  it('answers an unknown account or contact with 404, a wrong field with 422 and a pointer', async () => {
    await post({ accountId: 'nobody' }).expect(404);
    await post({ accountId: 'clinic', contactId: 'nobody' }).expect(404);
    const { body } = await post({ accountId: 'clinic', limit: 0 }).expect(422);
    expect(body.errors[0].pointer).toBe('/limit');
  });

  it('shows a member only accounts of that member', async () => {
    await territory.put('team-members/eve', { name: 'Eve', role: 'account-manager' });
    const { authorization } = await service.key(['score'], { memberId: 'eve' });
    await post({ accountId: 'clinic' }, authorization).expect(404);
  });

  it('hides from commercial roles what the firewall keeps medical', async () => {
    const rule = { kind: 'firewall', topics: ['side-effects'], hideFrom: ['account-manager'] };
    await territory.put('contact-rules/wall', rule);
    const { authorization } = await service.key(['score'], { memberId: 'mia' });
    const { body } = await post({ accountId: 'clinic', limit: 10 }, authorization).expect(200);
    expect(body.suggestions.map((one: { action: { id: string } }) => one.action.id)).not.toContain(
      'answer-safety',
    );
    expect(body.suppressed).toContainEqual({ rule: 'firewall', count: 1 });
  });

  it('answers many accounts at once, in their order', async () => {
    for (const id of ['b1', 'b2', 'b3'])
      await territory.put(`accounts/${id}`, { name: id, kind: 'person', country: 'DE' });
    const { body } = await service.http
      .post('/api/v1/recommendations/batch')
      .set({ authorization: territory.authorization })
      .send({ accountIds: ['b2', 'clinic', 'b1', 'b3'], limit: 2 })
      .expect(200);
    expect(body.items.map(({ accountId }: { accountId: string }) => accountId)).toEqual([
      'b2',
      'clinic',
      'b1',
      'b3',
    ]);
    expect(body.items[0].suggestions[0].contactId).toBe('b2');
  });
});

describe('GET /accounts/{id}/why-not', () => {
  const ask = (query: string) =>
    service.http
      .get(`/api/v1/accounts/clinic/why-not?${query}`)
      .set({ authorization: territory.authorization });

  it('names the rule, the reason and what would have to change', async () => {
    const { body } = await ask('actionId=newsletter&channelId=email').expect(200);
    expect(body).toMatchObject({
      rule: 'consent',
      because: expect.any(String),
      wouldNeed: expect.stringContaining('agree'),
    });
    const { body: eligibility } = await ask('actionId=for-big-clinics').expect(200);
    expect(eligibility).toMatchObject({ rule: 'eligibility', because: expect.stringContaining('beds') });
  });

  it('tells a lower priority from a refusal', async () => {
    await territory.put('actions/hardly', {
      name: 'hardly',
      intent: 'offer',
      purpose: 'sales',
      productIds: [],
      topics: [],
      channelIds: ['visit'],
      outcomeId: 'reply',
      value: 1,
      lever: 1,
      mandatory: false,
    });
    const { body } = await ask('actionId=hardly&channelId=visit').expect(200);
    expect(body).toMatchObject({ rule: 'lower-priority', because: expect.stringContaining('costs more') });
  });

  it('answers unknown actions with 404', async () => {
    await ask('actionId=nothing').expect(404);
  });
});
