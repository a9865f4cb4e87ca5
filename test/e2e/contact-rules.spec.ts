import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { standardRules } from '../../src/contact-policy/index.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let auth: string;

beforeAll(async () => {
  service = await startTestService();
  auth = (await service.key(['catalogue', 'read'])).authorization;
});

afterAll(async () => {
  await service?.close();
});

const RULES = '/api/v1/contact-rules';
const get = (path: string) => service.http.get(`${RULES}${path}`).set({ authorization: auth });
const put = (ruleId: string, body: object) =>
  service.http.put(`${RULES}/${ruleId}`).set({ authorization: auth }).send(body);
const remove = (ruleId: string) => service.http.delete(`${RULES}/${ruleId}`).set({ authorization: auth });

interface Problem {
  pointer: string;
  detail: string;
}

describe('contact rules over HTTP', () => {
  it('begin with the standard rules, a page at a time', async () => {
    const seen: unknown[] = [];
    let query = '?limit=5';
    for (;;) {
      const { body, status } = await get(query);
      expect(status).toBe(200);
      seen.push(...body.items);
      if (body.nextCursor === null) break;
      query = `?limit=5&cursor=${body.nextCursor}`;
    }
    expect(seen).toHaveLength(standardRules.length);
    expect(seen).toEqual(expect.arrayContaining([...standardRules]));
  });

  it.each([
    { kind: 'cap', limit: 2, days: 7, per: 'contact', channelKind: 'email', purpose: 'marketing' },
    { kind: 'cool-down', days: 30, after: 'wrong-product', scope: 'product' },
    { kind: 'quiet-hours', from: '19:00', to: '09:00', restDays: 'country' },
    { kind: 'quiet-hours', from: '19:00', to: '09:00', restDays: ['fri', '2026-12-24'] },
    { kind: 'conversation-hold', silences: ['marketing'], while: 'complaint', days: 14 },
    { kind: 'offer-lock', days: 30 },
    { kind: 'budget', role: 'account-manager', perDay: 12 },
    { kind: 'firewall', topics: ['off-label'], hideFrom: ['account-manager'] },
  ])('keep a rule of kind $kind as it was put', async (rule) => {
    expect((await put('mine', rule)).status).toBe(200);
    expect((await get('/mine')).body).toEqual({ ruleId: 'mine', ...rule });
    expect((await put('mine', { ruleId: 'mine', ...rule })).status).toBe(200);
  });

  it('remove a rule for good', async () => {
    await put('short-lived', { kind: 'offer-lock', days: 1 });
    expect((await remove('short-lived')).status).toBe(204);
    expect((await remove('short-lived')).status).toBe(404);
    expect((await get('/short-lived')).status).toBe(404);
  });

  it.each<[string, object, string[]]>([
    ['without a kind', { days: 3 }, ['/kind']],
    ['of an unknown kind', { kind: 'curfew' }, ['/kind']],
    ['with fields of another kind', { kind: 'offer-lock', days: 3, limit: 2 }, ['/limit']],
    ['with fields missing', { kind: 'cap', limit: 0 }, ['/days', '/limit', '/per']],
    [
      'with an impossible time',
      { kind: 'quiet-hours', from: '25:00', to: '8', restDays: 'country' },
      ['/from', '/to'],
    ],
    [
      'with unknown rest days',
      { kind: 'quiet-hours', from: '20:00', to: '08:00', restDays: ['friday'] },
      ['/restDays'],
    ],
    [
      'that silences nobody',
      { kind: 'conversation-hold', silences: [], while: 'complaint', days: 3 },
      ['/silences'],
    ],
    ['under another id', { ruleId: 'other', kind: 'offer-lock', days: 3 }, ['/ruleId']],
  ])('refuse a rule %s, with a pointer and how to mend it', async (_, body, pointers) => {
    const answer = await put('bad', body);
    expect(answer.status).toBe(422);
    const errors = answer.body.errors as Problem[];
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(pointers);
    for (const { detail } of errors) expect(detail).toMatch(/must|not a known/);
  });

  it('do not find a rule for an unknown channel', async () => {
    const answer = await put('bad', {
      kind: 'cap',
      limit: 1,
      days: 1,
      per: 'contact',
      channelId: 'telegraph',
    });
    expect(answer.status).toBe(404);
  });

  it('are not changed without the scope for it', async () => {
    const { authorization } = await service.key(['read']);
    const answer = await service.http
      .put(`${RULES}/mine`)
      .set({ authorization })
      .send({ kind: 'offer-lock', days: 1 });
    expect(answer.status).toBe(403);
  });
});
