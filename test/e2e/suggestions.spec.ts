import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { type AnsweredSuggestion, startTerritory, type Territory } from '../support/territory.js';

let service: TestService;
let territory: Territory;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
});
afterAll(() => service.close());
beforeEach(async () => {
  await service.database.query('truncate suggestions, responses, open_questions');
  await service.database.query('update account_state set policy_epoch = policy_epoch + 1');
});

const list = async (query = '', authorization = territory.authorization): Promise<AnsweredSuggestion[]> => {
  const { body } = await service.http.get(`/api/v1/suggestions${query}`).set({ authorization }).expect(200);
  return body.items;
};
const respond = (suggestionId: string, body: object, authorization = territory.authorization) =>
  service.http.post(`/api/v1/suggestions/${suggestionId}/responses`).set({ authorization }).send(body);
const consent = async (body: object) => {
  const { body: answer } = await service.http
    .post('/api/v1/contacts/jones/consents')
    .set({ authorization: territory.authorization })
    .send({ purpose: '*', source: 'contact', ...body })
    .expect(201);
  return answer as { withdrawnSuggestions: string[] };
};
const firstOf = async (): Promise<AnsweredSuggestion> => {
  const { suggestions } = await territory.recommend({ limit: 1 });
  return suggestions[0]!;
};

describe('GET /suggestions', () => {
  it('lists what stands, the highest priority first, page by page without loss or repetition', async () => {
    await territory.recommend({ limit: 3 });
    const all = await list('?state=open');
    expect(all).toHaveLength(3);
    expect(all.map(({ priority }) => priority)).toEqual(
      all.map(({ priority }) => priority).sort((a, b) => b - a),
    );
    const { body: page } = await service.http
      .get('/api/v1/suggestions?limit=2')
      .set({ authorization: territory.authorization });
    const rest = await list(`?limit=2&cursor=${page.nextCursor}`);
    expect([...page.items, ...rest].map((one) => one.suggestionId)).toEqual(
      all.map((one) => one.suggestionId),
    );
  });

  it('filters by account, member, state and time of change', async () => {
    await territory.recommend({ limit: 3 });
    expect(await list('?accountId=clinic')).toHaveLength(3);
    expect(await list('?memberId=mia')).toHaveLength(3);
    expect(await list('?state=seen')).toHaveLength(0);
    expect(await list('?changedSince=2026-01-01T00:00:00Z')).toHaveLength(3);
    expect(await list('?changedSince=2027-01-01T00:00:00Z')).toHaveLength(0);
  });

  it('shows a member the suggestions of that member only', async () => {
    await territory.recommend({ limit: 3 });
    const leo = await service.key(['read'], { memberId: 'leo' });
    expect(await list('', leo.authorization)).not.toHaveLength(0);
    await territory.put('team-members/eve', { name: 'Eve', role: 'account-manager' });
    const stranger = await service.key(['read'], { memberId: 'eve' });
    expect(await list('', stranger.authorization)).toHaveLength(0);
  });

  it('says what has expired, and lists it as open no longer', async () => {
    const { suggestionId } = await firstOf();
    await service.database.query(
      `update suggestions set expires_at = '2026-01-01' where suggestion_id = $1`,
      [suggestionId],
    );
    expect(await list('?state=open')).toHaveLength(0);
    expect(await list('?state=expired')).toMatchObject([{ suggestionId, state: 'expired' }]);
  });

  it('checks the contact policy again when the past has changed, and withdraws what it refuses', async () => {
    const { suggestions } = await territory.recommend({ limit: 5 });
    const visits = suggestions.filter(({ channelId }) => channelId === 'visit');
    expect(visits.length).toBeGreaterThan(0);
    await territory.put('contact-rules/two-visits', {
      kind: 'cap',
      limit: 1,
      days: 30,
      per: 'contact',
      channelId: 'visit',
    });
    await territory.event('Visit Logged', { channel: 'visit', topic: 'guidelines' });
    const open = await list('?state=open');
    expect(open.map(({ channelId }) => channelId)).not.toContain('visit');
    const withdrawn = await list('?state=withdrawn');
    expect(withdrawn.map(({ suggestionId }) => suggestionId).sort()).toEqual(
      visits.map((one) => one.suggestionId).sort(),
    );
    expect(withdrawn[0]).toMatchObject({ because: expect.stringMatching(/^(cap|cool-down): /) });
    await service.http
      .delete('/api/v1/contact-rules/two-visits')
      .set({ authorization: territory.authorization });
  });
});

describe('POST /suggestions/{id}/responses', () => {
  it('keeps what somebody has seen when a newer answer leaves it out', async () => {
    const seen = await firstOf();
    await respond(seen.suggestionId, { kind: 'seen' }).expect(201);
    await territory.recommend({ limit: 1, context: { channel: 'liaison-call' }, fresh: true });
    expect(await list('?state=seen')).toMatchObject([{ suggestionId: seen.suggestionId }]);
  });

  it('replaces what nobody has seen', async () => {
    const { suggestions } = await territory.recommend({ limit: 2 });
    const dropped = suggestions[0]!;
    await respond(dropped.suggestionId, { kind: 'dismissed', reason: 'wrong-time' }).expect(201);
    const after = await territory.recommend({ limit: 2 });
    expect(after.reused).toBe(false);
    expect(after.suggestions.map(({ suggestionId }) => suggestionId)).not.toContain(dropped.suggestionId);
  });

  it('rests after a dismissal, so that the same is not suggested again', async () => {
    await territory.put('contact-rules/rest', {
      kind: 'cool-down',
      days: 60,
      after: 'wrong-product',
      scope: 'action',
    });
    const dismissed = await firstOf();
    await respond(dismissed.suggestionId, { kind: 'dismissed', reason: 'wrong-product' }).expect(201);
    const { suggestions, suppressed } = await territory.recommend({ limit: 10 });
    expect(suggestions.map(({ action }) => action.id)).not.toContain(dismissed.action.id);
    expect(suppressed.map(({ rule }) => rule)).toContain('cool-down');
  });

  it.each([
    ['completed', {}, 14],
    ['dismissed', { reason: 'already-done' }, 60],
  ])('rests after it is %s, by a rule of its own', async (kind, said, days) => {
    await service.database.query('truncate touches');
    const done = await firstOf();
    await respond(done.suggestionId, { kind, ...said }).expect(201);
    const { body } = await service.http
      .get(`/api/v1/accounts/clinic/why-not?actionId=${done.action.id}&channelId=${done.channelId}`)
      .set({ authorization: territory.authorization })
      .expect(200);
    expect(body).toMatchObject({ rule: 'cool-down' });
    const rests = new Date(body.until).getTime() - service.clock.now().getTime();
    expect(rests / DAY).toBeCloseTo(days, 1);
  });

  it('does not suggest a second time what is accepted, or put off until later', async () => {
    const accepted = await firstOf();
    await respond(accepted.suggestionId, { kind: 'accepted' }).expect(201);
    const next = await territory.recommend({ limit: 1, fresh: true });
    expect(next.suggestions[0]?.suggestionId).not.toBe(accepted.suggestionId);
    const snoozed = next.suggestions[0]!;
    await respond(snoozed.suggestionId, { kind: 'snoozed', until: '2026-03-05T09:00:00Z' }).expect(201);
    const third = await territory.recommend({ limit: 10, fresh: true });
    const ids = third.suggestions.map(({ suggestionId }) => suggestionId);
    expect(ids).not.toContain(snoozed.suggestionId);
    expect(await list('?state=snoozed')).toMatchObject([{ suggestionId: snoozed.suggestionId }]);
  });

  it('asks for a reason only with a dismissal, and for a time to come with putting off', async () => {
    const { suggestionId } = await firstOf();
    const pointer = async (body: object) =>
      (await respond(suggestionId, body).expect(422)).body.errors[0].pointer;
    expect(await pointer({ kind: 'accepted', reason: 'other' })).toBe('/reason');
    expect(await pointer({ kind: 'snoozed' })).toBe('/until');
    expect(await pointer({ kind: 'snoozed', until: '2026-01-01T00:00:00Z' })).toBe('/until');
    expect(await pointer({ kind: 'liked' })).toBe('/kind');
    expect(await pointer({ kind: 'dismissed', reason: 'rainy' })).toBe('/reason');
  });

  it('takes the same response twice without harm, and refuses one to what is closed', async () => {
    const { suggestionId } = await firstOf();
    await respond(suggestionId, { kind: 'dismissed', reason: 'other' }).expect(201);
    await respond(suggestionId, { kind: 'dismissed', reason: 'other' }).expect(201);
    await respond(suggestionId, { kind: 'accepted' }).expect(409);
    const [row] = await service.database.query<{ n: number }[]>('select count(*)::int as n from responses');
    expect(row?.n).toBe(1);
    await respond('nothing', { kind: 'seen' }).expect(404);
  });
});

describe('a "no" and what was suggested', () => {
  it('withdraws every open e-mail in the transaction that records it, and suggests none again', async () => {
    await consent({ channelId: 'email', status: 'granted' });
    await service.database.query(`update account_state set policy_epoch = policy_epoch + 1`);
    await territory.put('contact-rules/cap-marketing-email', {
      kind: 'cap',
      limit: 100,
      days: 1,
      per: 'contact',
    });
    const { suggestions } = await territory.recommend({ limit: 10 });
    const mails = suggestions
      .filter(({ channelId }) => channelId === 'email')
      .map(({ suggestionId }) => suggestionId);
    expect(mails.length).toBeGreaterThan(0);
    service.clock.advance(60_000);
    const { withdrawnSuggestions } = await consent({ channelId: 'email', status: 'withdrawn' });
    expect([...withdrawnSuggestions].sort()).toEqual([...mails].sort());
    expect((await list('?state=open')).map(({ channelId }) => channelId)).not.toContain('email');
    const after = await territory.recommend({ limit: 10 });
    expect(after.suggestions.map(({ channelId }) => channelId)).not.toContain('email');
  });
});
