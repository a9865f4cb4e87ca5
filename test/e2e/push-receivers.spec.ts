import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccountId, MemberId } from '../../src/catalogue/index.js';
import { type Message, PushDeliveries, PushSink, SendPushes } from '../../src/delivery/index.js';
import { RingAlways } from '../../src/delivery/push/push-check.js';
import { freshVapidKey, vapidKeysOf } from '../../src/delivery/push/vapid-keys.js';
import { WebPushSender } from '../../src/delivery/push/web-push-sender.http.js';
import { HttpWebhookSender } from '../../src/delivery/webhooks/webhook-sender.http.js';
import {
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  seededRng,
  TimeOrderedIds,
  Transactions,
} from '../../src/shared/index.js';
import { type Behaviour, type Browser, type PushService, startPushService } from '../support/push-service.js';
import { pushesOf, subscribe } from '../support/pushes.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let pushes: PushService;
let mia: string;
let messages = 0;

beforeAll(async () => {
  [service, pushes] = await Promise.all([
    startTestService({ config: { webhookAllowPrivate: true } }),
    startPushService(),
  ]);
  const { authorization } = await service.key(['catalogue']);
  await service.http
    .put('/api/v1/team-members/mia')
    .set({ authorization })
    .send({ name: 'Mia', role: 'account-manager' })
    .expect(200);
  mia = (await service.key(['read'], { memberId: 'mia' })).authorization;
});
afterAll(() => Promise.all([service.close(), pushes.close()]));

/** A sender of this test's own, which asks nobody whether it may ring. */
function sender(timeoutMilliseconds: number): SendPushes {
  const client = new HttpWebhookSender({ timeoutMilliseconds, allowPrivate: true });
  return new SendPushes({
    deliveries: service.app.get(PushDeliveries, { strict: false }),
    sender: new WebPushSender(client, vapidKeysOf(freshVapidKey()), 'mailto:nba@example.test'),
    check: new RingAlways(),
    watch: { ended: () => undefined, troubled: (cause) => expect(cause).toBeUndefined() },
    clock: service.clock,
    ids: new TimeOrderedIds(),
    rng: seededRng('pushes'),
    timeoutMilliseconds,
  });
}

/** One phone of Mia's, which behaves so, and something that is to ring there. */
async function phone(
  name: string,
  behave: Behaviour,
  validity = DAY,
): Promise<{ browser: Browser; id: string }> {
  await service.database.query('delete from push_subscriptions');
  const browser = pushes.browser(name, behave);
  const id = await subscribe(service, mia, browser);
  await tell(validity);
  return { browser, id };
}

async function tell(validity = DAY): Promise<void> {
  const at = service.clock.now();
  const message: Message = {
    messageId: `msg_${(messages += 1)}`,
    type: 'alert.raised',
    occurredAt: at,
    accountId: 'a' as AccountId,
    memberIds: ['mia' as MemberId],
    data: { alertId: `alert-${messages}`, title: 'Something', joinedTo: null, heldUntil: null },
    notAfter: new Date(at.getTime() + validity),
  };
  const sink = service.app.get(PushSink, { strict: false });
  await service.app.get(Transactions).run((within) => sink.take([message], at, within));
}

/** For those who never answer, in milliseconds. */
const IMPATIENT = 500;
const run = (patience = 10 * SECOND): Promise<number> => sender(patience).runDue(service.clock.now());
const answer =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    response.writeHead(status, headers).end();

describe('a push service', () => {
  it.each([404, 410])('that answers %d has lost the subscription, and so do we', async (status) => {
    const { browser } = await phone(`gone ${status}`, answer(status));
    await tell();
    await run();
    expect(await service.database.query('select 1 from push_subscriptions')).toEqual([]);
    expect(await service.database.query('select 1 from push_deliveries')).toEqual([]);
    expect(pushes.at(browser).length).toBeLessThanOrEqual(2);
  });

  it('that answers 429 is left alone for as long as it asks, with all that waits for the device', async () => {
    const { browser, id } = await phone('busy', (response, calls) =>
      calls === 1 ? response.writeHead(429, { 'retry-after': '600' }).end() : response.writeHead(201).end(),
    );
    await run();
    await tell();
    service.clock.advance(10 * MINUTE - SECOND);
    expect(await run()).toBe(0);
    service.clock.advance(SECOND);
    expect(await run()).toBe(2);
    expect(pushes.at(browser)).toHaveLength(3);
    expect((await pushesOf(service, id)).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['delivered', 2],
      ['delivered', 1],
    ]);
  });

  it.each([
    ['500', answer(500)],
    ['503', answer(503)],
    ['a reset', ((response) => response.destroy()) as Behaviour],
    ['silence', (() => undefined) as Behaviour],
    ['a drip', ((response) => void setInterval(() => response.write('.'), 50).unref()) as Behaviour],
  ])(
    'that answers with %s is called again by the schedule, as long as it is worth telling',
    async (name, behave) => {
      const { browser, id } = await phone(`trouble ${name}`, behave, 30 * MINUTE);
      await run(IMPATIENT);
      service.clock.advance(6 * SECOND);
      await run(IMPATIENT);
      service.clock.advance(4 * MINUTE);
      expect(await run(IMPATIENT)).toBe(0);
      service.clock.advance(2 * MINUTE);
      await run(IMPATIENT);
      expect(pushes.at(browser)).toHaveLength(3);
      expect(await pushesOf(service, id)).toMatchObject([{ state: 'expired', title: null, next: null }]);
      service.clock.advance(HOUR);
      expect(await run(IMPATIENT)).toBe(0);
    },
  );

  it.each([400, 401, 403, 413])('that answers %d is not asked again', async (status) => {
    const { browser, id } = await phone(`refuses ${status}`, answer(status));
    await run();
    service.clock.advance(DAY);
    await run();
    expect(pushes.at(browser)).toHaveLength(1);
    expect(await pushesOf(service, id)).toMatchObject([{ state: 'failed', attempts: 1 }]);
  });

  it('that redirects is not followed', async () => {
    const other = pushes.browser('other');
    const { browser, id } = await phone('redirects', answer(301, { location: other.endpoint }));
    await run();
    expect([pushes.at(browser).length, pushes.at(other).length]).toEqual([1, 0]);
    expect(await pushesOf(service, id)).toMatchObject([{ state: 'failed' }]);
  });

  it('that has a new browser under an old endpoint keeps the new one', async () => {
    const { browser } = await phone('anew', (response) => {
      void service.database
        .query(`update push_subscriptions set auth = 'another'`)
        .then(() => response.writeHead(410).end());
    });
    await run();
    expect(pushes.at(browser)).toHaveLength(1);
    expect(await service.database.query('select 1 from push_subscriptions')).toHaveLength(1);
  });
});

describe('several workers', () => {
  it('ring once for each message', async () => {
    const { browser } = await phone('shared', answer(201));
    for (let more = 0; more < 40; more += 1) await tell();
    await Promise.all([run(), run(), run()]);
    expect(pushes.at(browser)).toHaveLength(41);
  });

  it('take up what one has left that died, under the same topic, and only when its claim is over', async () => {
    const { browser, id } = await phone('died', answer(201));
    const deliveries = service.app.get(PushDeliveries, { strict: false });
    const at = service.clock.now();
    const claimed = await deliveries.claim(at, new Date(at.getTime() + SECOND), 'the dead', 10);
    expect(claimed).toHaveLength(1);
    expect(await run()).toBe(0);
    service.clock.advance(SECOND);
    expect(await run()).toBe(1);
    const [late] = claimed;
    if (late) await deliveries.end(late, { state: 'failed', because: 'too late to say so' }, at);
    expect(await pushesOf(service, id)).toMatchObject([{ state: 'delivered' }]);
    expect(pushes.at(browser)).toHaveLength(1);
  });
});
