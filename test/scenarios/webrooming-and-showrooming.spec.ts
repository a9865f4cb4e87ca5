import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { standardTriggerRules } from '../../src/alerts/index.js';
import { alertsOf, raiseDue } from '../support/alerts.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

/**
 * Who looked online and then enters a branch is met by people who know what was looked at, for as long as the moment
 * lasts. Who looked in a branch and did not buy is followed up online; who bought is left alone.
 */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let service: TestService;
let territory: Territory;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  await territory.put('team-members/bea', { name: 'Bea', role: 'service', locale: 'en' });
  await territory.put('channels/branch', {
    name: 'Branch',
    kind: 'branch',
    performedBy: 'service',
    costPerTouch: 1,
    leadTimeHours: 0,
    consent: 'opt-out',
  });
  await territory.put('channels/web', {
    name: 'web',
    kind: 'web',
    performedBy: 'automatic',
    costPerTouch: 0.1,
    leadTimeHours: 0,
    consent: 'opt-out',
  });
  const about = { outcomeId: 'reply', lever: 1, mandatory: false, productIds: ['P'], topics: [] };
  await territory.put('actions/show-p', {
    ...about,
    name: 'Show Pulmo',
    intent: 'offer',
    purpose: 'sales',
    channelIds: ['branch'],
    value: 70,
  });
  await territory.put('actions/recall-p', {
    ...about,
    name: 'Remind of Pulmo',
    intent: 'follow-up',
    purpose: 'sales',
    channelIds: ['web'],
    value: 70,
  });
  const [entered, lookedOnly] = ['at-our-place', 'looked-but-not-bought'].map((ruleId) =>
    standardTriggerRules.find((rule) => rule.ruleId === ruleId),
  );
  await territory.put('trigger-rules/at-our-place', {
    ...entered,
    places: { 'branch-7': ['bea'] },
    context: { channel: 'branch' },
  });
  await territory.put('trigger-rules/looked-but-not-bought', { ...lookedOnly, context: { channel: 'web' } });
});
afterAll(() => service.close());

const enters = (contactId: string) =>
  territory.event(
    'Place Entered',
    { placeId: 'branch-7', placeName: 'Branch Mitte', kind: 'branch', validMinutes: 60 },
    { contactId },
  );
const alertsBy = async (ruleId: string) =>
  (await alertsOf(service, territory)).filter((alert) => alert.ruleId === ruleId);

describe('webrooming', () => {
  it("alerts the branch's people with what was looked at online, and a next step that fits", async () => {
    await territory.event('Product Viewed', { productId: 'P' });
    service.clock.advance(20 * MINUTE);
    await territory.event('Product Viewed', { productId: 'P' });
    service.clock.advance(MINUTE);
    await territory.event('Page Viewed', { topic: 'efficacy' });
    service.clock.advance(2 * HOUR);
    await enters('jones');
    await raiseDue(service);
    const [alert] = await alertsBy('at-our-place');
    expect(alert).toMatchObject({
      memberId: 'bea',
      contactId: 'jones',
      state: 'open',
      message: 'Dr. Jones is at Branch Mitte now. Looked at online before: Pulmo and efficacy.',
      suggestion: { action: { id: 'show-p' }, performedBy: { memberId: null } },
    });
    expect(alert!.evidence.map(({ name }) => name)).toEqual([
      'Place Entered',
      'Page Viewed',
      'Product Viewed',
      'Product Viewed',
    ]);
    const bea = await service.key(['read', 'feedback'], { memberId: 'bea' });
    expect((await alertsOf(service, bea)).map(({ alertId }) => alertId)).toContain(alert!.alertId);
  });

  it('is of no use an hour later, and says so', async () => {
    service.clock.advance(61 * MINUTE);
    expect((await alertsBy('at-our-place'))[0]).toMatchObject({ state: 'expired' });
  });
});

describe('showrooming', () => {
  it('is followed up online when nothing was bought a day after the visit', async () => {
    service.clock.advance(20 * HOUR);
    expect(await raiseDue(service)).toBe(0);
    service.clock.advance(3 * HOUR);
    expect(await raiseDue(service)).toBe(1);
    const [alert] = await alertsBy('looked-but-not-bought');
    expect(alert).toMatchObject({
      memberId: 'mia',
      message: 'Dr. Jones was at Branch Mitte and has not ordered since: follow up online.',
      suggestion: { action: { id: 'recall-p' }, channelId: 'web' },
    });
  });

  it('is not followed up when the account has bought meanwhile, whoever of it', async () => {
    await territory.put('contacts/brown', { accountId: 'clinic', name: 'Brown' });
    service.clock.advance(8 * 24 * HOUR);
    await enters('jones');
    await raiseDue(service);
    service.clock.advance(5 * HOUR);
    await territory.event('Order Completed', { productId: 'P', value: 100 }, { contactId: 'brown' });
    service.clock.advance(24 * HOUR);
    expect(await raiseDue(service)).toBe(0);
    expect(await alertsBy('looked-but-not-bought')).toHaveLength(1);
  });
});
