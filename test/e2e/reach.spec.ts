import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isReached } from '../../src/contact-policy/index.js';
import { RampReach } from '../../src/workflows/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

let service: TestService;
let territory: Territory;
const accounts = Array.from({ length: 30 }, (_, index) => `firm-${index}`);

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  for (const accountId of accounts)
    await territory.put(`accounts/${accountId}`, {
      name: accountId,
      kind: 'person',
      country: 'DE',
      timeZone: 'UTC',
    });
});
afterAll(() => service.close());

const count = () => service.app.get(RampReach, { strict: false }).runDue(service.clock.now());
const put = (actionId: string, mandatory = false) =>
  territory.put(`actions/${actionId}`, {
    name: actionId,
    intent: 'follow-up',
    purpose: 'sales',
    topics: [],
    channelIds: ['visit'],
    outcomeId: 'reply',
    value: 500,
    lever: 1,
    mandatory,
  });
const touched = (actionId: string, times: number) =>
  service.database.query(
    `insert into touches (account_id, touch_id, contact_id, channel_id, purpose, action_id, product_ids, topics, state, at)
     select 'elsewhere', $1 || '-' || n || '-' || random(), null, 'visit', 'sales', $1, '{}', '{}', 'sent', $3
       from generate_series(1, $2::int) n`,
    [actionId, times, service.clock.now()],
  );
/** Accounts to which the action is suggested; the others were refused by `reach`. */
const reached = async (actionId: string): Promise<string[]> => {
  const found: string[] = [];
  for (const accountId of accounts) {
    const { body } = await service.http
      .get(`/api/v1/accounts/${accountId}/why-not?actionId=${actionId}&channelId=visit`)
      .set({ authorization: territory.authorization })
      .expect(200);
    if (body.rule !== 'reach') found.push(accountId);
  }
  return found;
};

describe('a new action', () => {
  it('reaches everybody while nothing is known of any, or no rule says otherwise', async () => {
    expect(await count()).toBe(0);
    await put('unruled');
    expect(await count()).toBe(0);
    expect(await reached('unruled')).toHaveLength(accounts.length);
  });

  it('reaches few accounts at first, the same ones and more as touches are logged, and then all', async () => {
    await territory.put('contact-rules/ramp', { kind: 'reach', startShare: 0.2, fullAt: 100, from: 50 });
    await touched('talk-dosage', 60);
    await put('fresh');
    await put('required', true);
    expect(await count()).toBe(2);
    const first = await reached('fresh');
    expect(first).toEqual(accounts.filter((id) => isReached('fresh', id, 0.2)));
    expect(first.length).toBeLessThan(accounts.length);
    expect(await reached('required')).toHaveLength(accounts.length);
    expect(await reached('talk-dosage')).toHaveLength(accounts.length);
    await touched('fresh', 50);
    await count();
    const more = await reached('fresh');
    expect(more).toEqual(expect.arrayContaining(first));
    expect(more.length).toBeGreaterThan(first.length);
    await touched('fresh', 50);
    expect(await count()).toBe(1);
    expect(await reached('fresh')).toHaveLength(accounts.length);
  });
});
