import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/shared/index.js';
import { alertsOf, escalateDue, plainRule, raiseDue } from '../support/alerts.js';
import { type Browser, type PushService, startPushService, verifiedVapid } from '../support/push-service.js';
import { pushesOf, ring, subscribe } from '../support/pushes.js';
import { startTestService, TEST_NOW, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

let service: TestService;
let territory: Territory;
let pushes: PushService;
let mia: string;
let browsers = 0;
/** Each test has an event of its own, which raises an alert for Mia. */
let phone: Browser;
let subscriptionId: string;

/** Nobody rings Mia at night: she lives in Tehran. */
beforeAll(async () => {
  [service, pushes] = await Promise.all([
    startTestService({ config: { webhookAllowPrivate: true, exploration: 'greedy' } }),
    startPushService(),
  ]);
  territory = await startTerritory(service);
  await territory.put('team-members/dan', {
    name: 'Dan',
    role: 'account-manager',
    timeZone: 'Europe/Berlin',
  });
  await territory.put('team-members/mia', {
    name: 'Mia',
    role: 'account-manager',
    timeZone: 'Asia/Tehran',
    locale: 'en',
    deputyId: 'dan',
  });
  await territory.put('trigger-rules/asked', {
    ...plainRule,
    when: { event: 'Price Asked' },
    cooldownHours: 0,
    message: { en: '{contact}: {event}' },
  });
  mia = (await service.key(['read', 'feedback'], { memberId: 'mia' })).authorization;
});
afterAll(() => Promise.all([service.close(), pushes.close()]));

/** A new phone, at noon in Tehran, some days on. */
beforeEach(async () => {
  await service.database.query('delete from push_subscriptions');
  service.clock.set(new Date(TEST_NOW.getTime() - 30 * MINUTE + (browsers += 1) * 7 * DAY));
  phone = pushes.browser(`phone ${browsers}`);
  subscriptionId = await subscribe(service, mia, phone);
});

async function alert(): Promise<string> {
  await territory.event('Price Asked');
  expect(await raiseDue(service)).toBe(1);
  const [newest] = await alertsOf(service, territory, { limit: 1 });
  return newest?.alertId ?? '';
}

const acknowledge = (alertId: string) =>
  service.http.post(`/api/v1/alerts/${alertId}/acknowledgements`).set({ authorization: mia }).expect(201);

describe('an alert', () => {
  it('rings at the member’s devices, signed by us, readable by them alone, and says no more than it must', async () => {
    const tablet = pushes.browser('tablet');
    await subscribe(service, mia, tablet, { detailed: false, language: 'fa' });
    const alertId = await alert();
    expect(await ring(service)).toBe(2);
    expect(pushes.readBy(phone)).toEqual([
      { kind: 'alert', id: alertId, language: 'en', title: 'Dr. Jones: Price Asked' },
    ]);
    expect(pushes.readBy(tablet)).toEqual([{ kind: 'alert', id: alertId, language: 'fa' }]);
    const [push] = pushes.at(phone);
    if (!push) throw new Error('nothing came');
    expect(() => tablet.read(push.body)).toThrow();
    expect(push.headers).toMatchObject({
      ttl: String((24 * HOUR) / SECOND),
      urgency: 'high',
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      topic: expect.stringMatching(/^[\w-]{32}$/),
    });
    for (const personal of ['Jones', 'jones', 'clinic', alertId])
      expect(`${JSON.stringify(push.headers)} ${push.body.toString('latin1')}`).not.toContain(personal);
    expect(push.body.length).toBeLessThan(400);
    const { body: key } = await service.http.get('/api/v1/push/key').set({ authorization: mia });
    expect(verifiedVapid(push, key.publicKey as string)).toMatchObject({
      aud: pushes.url,
      sub: 'mailto:nba@localhost',
    });
    expect(await ring(service)).toBe(0);
  });

  it('is told with what is left of its validity', async () => {
    await alert();
    service.clock.advance(HOUR + 500);
    await ring(service);
    expect(pushes.at(phone)[0]?.headers.ttl).toBe(String((23 * HOUR) / SECOND - 1));
  });

  it('of the night waits for the morning of the member', async () => {
    service.clock.advance(11 * HOUR); // 23:00 in Tehran
    await alert();
    expect(await ring(service)).toBe(0);
    service.clock.advance(9 * HOUR - MINUTE);
    expect(await ring(service)).toBe(0);
    service.clock.advance(MINUTE); // 08:00
    expect(await ring(service)).toBe(1);
    expect(pushes.at(phone)).toHaveLength(1);
  });

  it('that was seen to in the night does not ring in the morning', async () => {
    service.clock.advance(11 * HOUR);
    await acknowledge(await alert());
    service.clock.advance(9 * HOUR);
    await ring(service);
    expect(pushes.at(phone)).toEqual([]);
    expect(await pushesOf(service, subscriptionId)).toMatchObject([
      { state: 'cancelled', because: 'the alert is acknowledged', title: null },
    ]);
  });

  it('that is over before she may be disturbed never rings', async () => {
    await territory.put('trigger-rules/asked', {
      ...plainRule,
      when: { event: 'Price Asked' },
      cooldownHours: 0,
      validHours: 2,
    });
    service.clock.advance(11 * HOUR);
    await alert();
    await ring(service);
    service.clock.advance(9 * HOUR);
    expect(await ring(service)).toBe(0);
    expect(pushes.at(phone)).toEqual([]);
    await territory.put('trigger-rules/asked', {
      ...plainRule,
      when: { event: 'Price Asked' },
      cooldownHours: 0,
    });
  });

  it('that is one too many is joined to another and does not ring', async () => {
    for (let number = 0; number < 14; number += 1) {
      service.clock.advance(SECOND);
      await alert();
    }
    await ring(service);
    const joined = (await alertsOf(service, territory, { limit: 14 })).filter(({ joinedTo }) => joinedTo);
    expect(joined).toHaveLength(2);
    expect(pushes.at(phone)).toHaveLength(12);
  });

  it('that nobody has seen rings at the deputy, in her own day', async () => {
    const dan = (await service.key(['read'], { memberId: 'dan' })).authorization;
    const dans = pushes.browser(`dan ${browsers}`);
    await subscribe(service, dan, dans);
    service.clock.advance(7 * HOUR + 40 * MINUTE); // 19:40 in Tehran, 17:10 in Berlin
    await alert();
    await ring(service);
    expect([pushes.at(phone).length, pushes.at(dans).length]).toEqual([1, 0]);
    service.clock.advance(HOUR);
    expect(await escalateDue(service)).toBe(1);
    await ring(service);
    expect([pushes.at(phone).length, pushes.at(dans).length]).toEqual([1, 1]);
  });

  it('for nobody in particular rings nowhere', async () => {
    await territory.put('trigger-rules/marketing', {
      ...plainRule,
      when: { event: 'Nobody Concerned' },
      role: 'marketing',
    });
    await territory.event('Nobody Concerned');
    await raiseDue(service);
    expect(await ring(service)).toBe(0);
    expect(await pushesOf(service, subscriptionId)).toEqual([]);
  });
});

describe('a task', () => {
  const task = (authorization: string, more: object = {}) =>
    service.http
      .post('/api/v1/tasks')
      .set({ authorization })
      .send({
        kind: 'follow-up',
        accountId: 'clinic',
        memberId: 'mia',
        about: 'Send the study',
        dueAt: '2027-01-01',
        ...more,
      })
      .expect(201);

  it('rings at whoever is to do it, but not at whoever made it', async () => {
    await task(mia);
    const { body } = await task(territory.authorization);
    await ring(service);
    expect(pushes.readBy(phone)).toEqual([
      { kind: 'task', id: body.taskId, language: 'en', title: 'Send the study' },
    ]);
    expect(pushes.at(phone)[0]?.headers.urgency).toBe('normal');
  });

  it('waits for her morning, and does not ring when it was done by then', async () => {
    service.clock.advance(11 * HOUR);
    const { body } = await task(territory.authorization);
    await task(territory.authorization, { about: `${'a'.repeat(150)}` });
    await ring(service);
    expect(pushes.at(phone)).toEqual([]);
    await service.http
      .post(`/api/v1/tasks/${body.taskId}/completions`)
      .set({ authorization: mia })
      .send({})
      .expect(201);
    service.clock.advance(9 * HOUR);
    await ring(service);
    expect(pushes.readBy(phone)).toMatchObject([{ kind: 'task', title: `${'a'.repeat(119)}…` }]);
  });
});
