import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { standardRules } from '../../src/contact-policy/index.js';
import { type Touch, TouchLog } from '../../src/events/index.js';
import { DAY, Transactions } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let auth: string;

beforeAll(async () => {
  service = await startTestService();
  auth = (await service.key(['catalogue', 'read'])).authorization;
}, 60_000);

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

async function created(path: string, body: object): Promise<void> {
  const { authorization } = await service.key(['admin']);
  const answer = await service.http.put(`/api/v1/${path}`).set({ authorization }).send(body);
  if (answer.status >= 300) throw new Error(`PUT ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

describe('a dry run of contact rules', () => {
  const monday = new Date('2026-02-16T10:00:00Z');
  const sentOn = (day: number): Touch => ({
    touchId: `t${day}` as Touch['touchId'],
    accountId: 'acme' as Touch['accountId'],
    contactId: 'ana' as Touch['contactId'],
    channelId: 'email' as Touch['channelId'],
    purpose: 'marketing',
    actionId: null,
    productIds: [],
    topics: [],
    role: null,
    memberId: null,
    state: 'sent',
    at: new Date(monday.getTime() + day * DAY),
  });

  beforeAll(async () => {
    await created('channels/email', {
      name: 'E-mail',
      kind: 'email',
      performedBy: 'automatic',
      costPerTouch: 0,
      leadTimeHours: 0,
      consent: 'opt-in',
    });
    await created('accounts/acme', { name: 'Acme', kind: 'company', mode: 'assisted', attributes: {} });
    await created('contacts/ana', { accountId: 'acme', name: 'Ana', attributes: {} });
    await service.app
      .get(Transactions, { strict: false })
      .run((within) => service.app.get(TouchLog, { strict: false }).put([0, 1, 2, 3, 5].map(sentOn), within));
  });

  const dryRun = (body: object) =>
    service.http.post(`${RULES}/dry-runs`).set({ authorization: auth }).send(body);
  const period = { from: monday.toISOString(), to: new Date(monday.getTime() + 7 * DAY).toISOString() };

  it('counts the touches that the rules would have refused, with examples, and changes nothing', async () => {
    const before = (await get('?limit=100')).body;
    const answer = await dryRun({
      ...period,
      rules: [
        { kind: 'cap', limit: 3, days: 7, per: 'contact' },
        { kind: 'quiet-hours', from: '20:00', to: '08:00', restDays: ['sat'] },
        { ruleId: 'lock', kind: 'offer-lock', days: 7 },
      ],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      touches: 5,
      suppressed: [
        {
          rule: 'cap',
          count: 2,
          examples: [
            expect.objectContaining({ touchId: 't3', accountId: 'acme', because: expect.any(String) }),
            expect.objectContaining({ touchId: 't5' }),
          ],
        },
      ],
      notReplayed: ['lock'],
    });
    expect((await get('?limit=100')).body).toEqual(before);
  });

  it('points into the list of rules when one is wrong', async () => {
    const answer = await dryRun({
      ...period,
      rules: [
        { kind: 'offer-lock', days: 3 },
        { kind: 'cap', limit: 1 },
      ],
    });
    expect(answer.status).toBe(422);
    expect((answer.body.errors as Problem[]).map(({ pointer }) => pointer).sort()).toEqual([
      '/rules/1/days',
      '/rules/1/per',
    ]);
  });
});
