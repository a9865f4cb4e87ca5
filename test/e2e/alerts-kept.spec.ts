import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HousekeepingJobs } from '../../src/jobs/housekeeping.queue.js';
import { alertsOf, plainRule } from '../support/alerts.js';
import { eventually } from '../support/server-sent-events.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const KEPT_DAYS = 30;

let service: TestService;
let territory: Territory;

beforeAll(async () => {
  service = await startTestService({ config: { role: 'all', exploration: 'greedy', alertDays: KEPT_DAYS } });
  territory = await startTerritory(service);
  await territory.put('accounts/other', { name: 'Other clinic', kind: 'company' });
  await territory.put('trigger-rules/price', {
    ...plainRule,
    cooldownHours: 0,
    when: { event: 'Price Asked' },
  });
  await territory.put('trigger-rules/unanswered', {
    ...plainRule,
    when: { event: 'Quote Asked' },
    unless: { event: 'Quote Given', withinHours: 2, looks: 'ahead' },
  });
});

afterAll(() => service.close());

const counted = async (table: 'alerts' | 'trigger_firings') =>
  (await service.database.query<{ n: number }[]>(`select count(*)::int as n from ${table}`))[0]?.n;
const rulesOf = async (accountId: string) =>
  (await alertsOf(service, territory, { accountId })).map(({ ruleId }) => ruleId).sort();

it('go with a contact to another account: those that were raised, and what is still to be', async () => {
  await territory.event('Price Asked');
  await territory.event('Quote Asked');
  await eventually(async () => expect(await rulesOf('clinic')).toEqual(['price']));
  await territory.put('contacts/jones', {
    accountId: 'other',
    name: 'Dr. Jones',
    email: 'jones@example.test',
  });
  expect(await rulesOf('clinic')).toEqual([]);
  expect(await rulesOf('other')).toEqual(['price']);
  service.clock.advance(3 * HOUR);
  await eventually(async () => expect(await rulesOf('other')).toEqual(['price', 'unanswered']));
  const left = await service.database.query(
    `select firing_id from trigger_firings where account_id = 'clinic' and contact_id = 'jones'`,
  );
  expect(left).toEqual([]);
});

it('are forgotten when their time is over, with what had fired; what waits is not', async () => {
  const housekeeping = service.app.get(HousekeepingJobs, { strict: false });
  const before = { alerts: await counted('alerts'), firings: await counted('trigger_firings') };
  service.clock.advance((KEPT_DAYS - 1) * DAY);
  await housekeeping.runDue();
  expect(await counted('alerts')).toBe(before.alerts);
  await service.database.query(
    `update trigger_firings set state = 'waiting', due_at = 'infinity' where rule_id = 'unanswered'`,
  );
  service.clock.advance(3 * DAY);
  await housekeeping.runDue();
  expect({ alerts: await counted('alerts'), firings: await counted('trigger_firings') }).toEqual({
    alerts: 0,
    firings: 1,
  });
});
