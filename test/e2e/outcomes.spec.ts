import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';
import { type Answer, startTerritory } from '../support/territory.js';

let service: TestService;
let feedback: string;
/** Of another account, the clinic. */
let theirs: Answer;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  feedback = (await service.key(['feedback'])).authorization;
  const catalogue = (await service.key(['catalogue'])).authorization;
  const put = (path: string, body: object) =>
    service.http.put(`/api/v1/${path}`).set({ authorization: catalogue }).send(body).expect(200);
  await put('accounts/acme', { name: 'Acme', kind: 'company' });
  await put('accounts/other', { name: 'Other', kind: 'company' });
  await put('contacts/ana', { accountId: 'acme', name: 'Ana' });
  await put('outcome-definitions/bought', { event: 'Order Completed', withinDays: 30 });
  theirs = await (await startTerritory(service)).recommend({ limit: 1 });
}, 60_000);

afterAll(async () => {
  await service?.close();
});

const report = (body: object) =>
  service.http.post('/api/v1/outcomes').set({ authorization: feedback }).send(body);
const sold = {
  outcomeRef: 'order-1',
  outcomeId: 'bought',
  accountId: 'acme',
  contactId: 'ana',
  value: 1200,
  occurredAt: '2026-03-01T10:00:00Z',
};

describe('reporting an outcome', () => {
  it('keeps it once, whatever the number of times that it is sent', async () => {
    const first = await report(sold);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ outcomeRef: 'order-1', value: 1200, suggestionId: null });
    const again = await report({ ...sold, value: 9 });
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    const rows = await service.database.query('select value from outcomes');
    expect(rows).toEqual([{ value: 1200 }]);
  });

  it.each([
    ['an outcome that is not defined', { outcomeId: 'nothing' }, 404],
    ['an account that is not there', { accountId: 'nobody' }, 404],
    ['a contact of another account', { accountId: 'other' }, 404],
    ['a time in the future', { occurredAt: '2027-01-01T00:00:00Z' }, 422],
    ['a time without offset', { occurredAt: '2026-03-01T10:00:00' }, 422],
    ['a value that is no number', { value: 'much' }, 422],
  ])('refuses %s and says where', async (_, change, status) => {
    const answer = await report({ ...sold, outcomeRef: 'order-2', ...change });
    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body.detail.length).toBeGreaterThan(10);
  });

  it('credits nobody for a decision or a suggestion of another account', async () => {
    const [suggestion] = theirs.suggestions;
    const foreign = { decisionId: theirs.decisionId, suggestionId: suggestion?.suggestionId };
    for (const [name, id] of Object.entries(foreign)) {
      const refused = await report({ ...sold, outcomeRef: `foreign-${name}`, [name]: id });
      expect({ status: refused.status, errors: refused.body.errors }).toEqual({
        status: 404,
        errors: [{ pointer: `/${name}`, detail: expect.stringContaining(String(id)) }],
      });
    }
    const own = { ...sold, ...foreign, outcomeRef: 'own', accountId: 'clinic', contactId: 'jones' };
    expect((await report({ ...own, decisionId: 'nobodys' })).status).toBe(404);
    const untouched = await service.database.query(
      `select (select count(*)::int from outcomes where outcome_ref <> 'order-1') as outcomes,
              (select count(*)::int from outcome_inbox where account_id = 'clinic') as heard`,
    );
    expect(untouched).toEqual([{ outcomes: 0, heard: 0 }]);
    expect((await report(own)).status).toBe(201);
  });

  it('needs the scope feedback', async () => {
    const { authorization } = await service.key(['read']);
    await service.http.post('/api/v1/outcomes').set({ authorization }).send(sold).expect(403);
  });
});
