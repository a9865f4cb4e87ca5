import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import {
  type LoggedDelivery,
  type Message,
  type MessageType,
  Outbox,
  OutboxRelay,
  SendWebhooks,
  type WebhookEndpoint,
} from '../../src/delivery/index.js';
import { DAY, HOUR, Ids, MINUTE, SECOND, Transactions } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { type ReceivedWebhook, startReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

const ENDPOINTS = '/api/v1/webhook-endpoints';
const TIMEOUT_SECONDS = 0.4;
const SCHEDULE = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  DAY,
];

let service: TestService;
let receiver: WebhookReceiver;
let authorization: string;
const secrets = new Map<string, string>();

beforeAll(async () => {
  receiver = await startReceiver({
    '/late': (_, response) => void setTimeout(() => response.end('late'), 150),
    '/moved': (_, response) => response.writeHead(301, { location: '/elsewhere' }).end(),
    '/gone': (_, response) => response.writeHead(410).end(),
    '/busy': (_, response, calls) =>
      calls === 1 ? response.writeHead(429, { 'retry-after': '600' }).end('slow down') : response.end(),
    '/busy-until': (_, response, calls) =>
      calls === 1
        ? response
            .writeHead(503, { 'retry-after': new Date(service.clock.now().getTime() + HOUR).toUTCString() })
            .end()
        : response.end(),
    '/busy-for-ever': (_, response) => response.writeHead(429, { 'retry-after': '99999999' }).end(),
    '/broken': (_, response) => response.writeHead(500).end('no\u0000 luck'),
    '/mended': (_, response, calls) => response.writeHead(calls < 4 ? 502 : 204).end(),
    '/reset': (_, response) => response.destroy(),
    '/hang': () => undefined,
    '/drip': (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 30);
      response.on('close', () => clearInterval(timer));
    },
    '/flood': (_, response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', pour);
      pour();
    },
  });
  service = await startTestService({
    config: { webhookAllowPrivate: true, webhookTimeoutSeconds: TIMEOUT_SECONDS },
  });
  ({ authorization } = await service.key(['catalogue', 'read', 'audit']));
}, 60_000);

afterEach(async () => {
  await service.database.query('delete from webhook_endpoints');
  await service.database.query('delete from webhook_messages');
  receiver.received.length = 0;
});

afterAll(async () => {
  await service?.close();
  await receiver?.close();
});

async function endpoint(name: string, eventTypes: readonly MessageType[] = []): Promise<void> {
  const { body } = await service.http
    .put(`${ENDPOINTS}/${name}`)
    .set({ authorization })
    .send({ url: `${receiver.url}/${name}`, eventTypes })
    .expect(200);
  secrets.set(`/${name}`, (body as { secret: string }).secret);
}

async function show(name: string): Promise<WebhookEndpoint> {
  const { body } = await service.http.get(`${ENDPOINTS}/${name}`).set({ authorization }).expect(200);
  return body as WebhookEndpoint;
}

/** The log as it comes over HTTP: times are texts. */
type Logged = Omit<LoggedDelivery, 'nextAttemptAt'> & { nextAttemptAt: string | null };

async function deliveries(name: string, query = ''): Promise<Logged[]> {
  const { body } = await service.http
    .get(`${ENDPOINTS}/${name}/deliveries${query}`)
    .set({ authorization })
    .expect(200);
  return (body as { items: Logged[] }).items;
}

function post(path: string, body: object, status: number) {
  return service.http.post(`${ENDPOINTS}/${path}`).set({ authorization }).send(body).expect(status);
}

async function tell(type: MessageType = 'alert.raised', extra: Partial<Message> = {}): Promise<string> {
  const messageId = `msg_${service.app.get(Ids, { strict: false }).next()}`;
  const message: Message = {
    messageId,
    type,
    occurredAt: service.clock.now(),
    accountId: null,
    memberIds: [],
    data: { alertId: 'alert-1', title: 'پرسش – a question' },
    notAfter: null,
    ...extra,
  };
  const transactions = service.app.get(Transactions, { strict: false });
  await transactions.run((within) => service.app.get(Outbox, { strict: false }).put([message], within));
  return messageId;
}

async function run(): Promise<void> {
  await service.app.get(OutboxRelay, { strict: false }).runDue(service.clock.now());
  await service.app.get(SendWebhooks, { strict: false }).runDue(service.clock.now());
}

/** Moves the clock to the next attempt of the newest delivery and makes it; gives the milliseconds in between. */
async function next(name: string): Promise<number | null> {
  const [delivery] = await deliveries(name);
  if (!delivery?.nextAttemptAt) return null;
  const before = service.clock.now().getTime();
  service.clock.set(new Date(delivery.nextAttemptAt));
  await run();
  return service.clock.now().getTime() - before;
}

/** What the official verifier makes of a call at the time of the test's clock. Throws when it does not accept it. */
function verified(call: ReceivedWebhook, secret = secrets.get(call.path) ?? ''): unknown {
  const now = jest.spyOn(Date, 'now').mockReturnValue(service.clock.now().getTime());
  try {
    return new Webhook(secret).verify(call.body, call.headers as Record<string, string>);
  } finally {
    now.mockRestore();
  }
}

const idsAt = (path: string): unknown[] => receiver.at(path).map(({ headers }) => headers['webhook-id']);

describe('a receiver', () => {
  it('that answers 200, late, has been told: once, signed, with what happened', async () => {
    await endpoint('late');
    const messageId = await tell();
    await run();
    await run();
    const [call] = receiver.at('/late');
    expect(idsAt('/late')).toEqual([messageId]);
    expect(call?.headers['content-type']).toBe('application/json');
    expect(verified(call!)).toEqual({
      type: 'alert.raised',
      timestamp: service.clock.now().toISOString(),
      data: { alertId: 'alert-1', title: 'پرسش – a question' },
    });
    expect(await deliveries('late')).toMatchObject([
      {
        messageId,
        state: 'delivered',
        nextAttemptAt: null,
        attempts: [{ attempt: 1, status: 200, answer: 'late' }],
      },
    ]);
  });

  it.each(['moved', 'broken', 'reset', 'hang', 'drip'])(
    'that fails (%s) is tried by the whole schedule, each time under the same id with a signature of that moment',
    async (name) => {
      await endpoint(name);
      const messageId = await tell();
      await run();
      const waited: number[] = [0];
      for (let pause = await next(name); pause !== null; pause = await next(name)) {
        waited.push(pause);
        expect(verified(receiver.at(`/${name}`).at(-1)!)).toMatchObject({ type: 'alert.raised' });
      }
      expect(waited).toHaveLength(SCHEDULE.length);
      for (const [step, pause] of waited.entries()) {
        expect(pause).toBeGreaterThanOrEqual(SCHEDULE[step]! * 0.9);
        expect(pause).toBeLessThanOrEqual(SCHEDULE[step]! * 1.1);
      }
      expect(idsAt(`/${name}`)).toEqual(Array.from(SCHEDULE, () => messageId));
      expect(new Set(receiver.at(`/${name}`).map(({ body }) => body)).size).toBe(1);
      expect(receiver.at('/elsewhere')).toEqual([]);
      const [delivery] = await deliveries(name, '?state=failed');
      expect(delivery).toMatchObject({ messageId, because: expect.stringContaining('last attempt') });
      expect(delivery?.attempts).toHaveLength(SCHEDULE.length);
    },
    60_000,
  );

  it('that hangs or drips is left after the time that it has for its whole answer', async () => {
    await endpoint('hang');
    await endpoint('drip');
    await tell();
    const began = performance.now();
    await run();
    expect(performance.now() - began).toBeLessThan(TIMEOUT_SECONDS * SECOND + 1500);
    for (const name of ['hang', 'drip']) {
      const [delivery] = await deliveries(name);
      const [attempt] = delivery?.attempts ?? [];
      expect(attempt).toMatchObject({ status: null, problem: expect.stringContaining('timeout') });
      expect(attempt?.durationMilliseconds).toBeGreaterThanOrEqual(TIMEOUT_SECONDS * SECOND - 20);
    }
  });

  it('that pours out an endless answer is cut off, and its status counts', async () => {
    await endpoint('flood');
    await tell();
    await run();
    const [delivery] = await deliveries('flood');
    expect(delivery).toMatchObject({ state: 'delivered', attempts: [{ status: 200 }] });
    expect(delivery?.attempts[0]?.answer).toHaveLength(1024);
  });

  it('that answers 410 is disabled, with an entry in the audit trail, and told nothing more', async () => {
    await endpoint('gone');
    await tell();
    await run();
    expect(await show('gone')).toMatchObject({
      enabled: false,
      disabledBecause: expect.stringContaining('410'),
    });
    await tell();
    service.clock.advance(DAY);
    await run();
    expect(receiver.at('/gone')).toHaveLength(1);
    const { body } = await service.http.get('/api/v1/audit-entries?subjectId=gone').set({ authorization });
    expect(body).toMatchObject({ items: [{ actor: 'system', action: 'webhook-endpoint.disabled' }, {}] });
  });

  it.each([
    ['busy', 10 * MINUTE],
    ['busy-until', HOUR],
  ])('that is %s is let alone as long as it asks for, by all messages', async (name, pause) => {
    await endpoint(name);
    const first = await tell();
    await run();
    const second = await tell();
    service.clock.advance(pause - 5 * SECOND);
    await run();
    expect(idsAt(`/${name}`)).toEqual([first]);
    expect((await show(name)).restsUntil).not.toBeNull();
    service.clock.advance(10 * SECOND);
    await run();
    expect(idsAt(`/${name}`).toSorted()).toEqual([first, first, second].toSorted());
    expect(await deliveries(name, '?state=delivered')).toHaveLength(2);
  });

  it('cannot put us off for longer than a day', async () => {
    await endpoint('busy-for-ever');
    await tell();
    await run();
    expect(await next('busy-for-ever')).toBe(DAY);
    expect(receiver.at('/busy-for-ever')).toHaveLength(2);
  });

  it('that is mended meanwhile is told, and no longer counts as failing', async () => {
    await endpoint('mended');
    await tell();
    await run();
    expect((await show('mended')).failingSince).not.toBeNull();
    for (let attempt = 2; attempt <= 4; attempt += 1) await next('mended');
    expect(await deliveries('mended')).toMatchObject([
      { state: 'delivered', attempts: [{ status: 502 }, { status: 502 }, { status: 502 }, { status: 204 }] },
    ]);
    expect((await show('mended')).failingSince).toBeNull();
  });

  it('that has failed for five days is disabled, and enabled again by hand goes on with what waits', async () => {
    await endpoint('broken');
    const first = await tell();
    await run();
    service.clock.advance(5 * DAY - MINUTE);
    await tell();
    await run();
    expect((await show('broken')).enabled).toBe(true);
    service.clock.advance(2 * MINUTE);
    await run();
    expect(await show('broken')).toMatchObject({
      enabled: false,
      disabledBecause: expect.stringContaining('every attempt has failed since'),
    });
    const before = receiver.at('/broken').length;
    service.clock.advance(HOUR);
    await run();
    expect(receiver.at('/broken')).toHaveLength(before);
    await post('broken/activations', {}, 201);
    await run();
    expect(idsAt('/broken').slice(before)).toContain(first);
    expect((await show('broken')).enabled).toBe(true);
  });

  it('gets only the types that it names, and is asked for touches only when it names them', async () => {
    await endpoint('all');
    await endpoint('consents', ['consent.changed']);
    await endpoint('connector', ['touch.requested', 'touch.cancelled']);
    for (const type of ['alert.raised', 'consent.changed', 'touch.cancelled', 'suggestion.closed'] as const)
      await tell(type);
    await run();
    const typesAt = (path: string): unknown[] =>
      receiver.at(path).map((call) => (verified(call) as { type: string }).type);
    expect(typesAt('/all').toSorted()).toEqual(['alert.raised', 'consent.changed']);
    expect(typesAt('/consents')).toEqual(['consent.changed']);
    expect(typesAt('/connector')).toEqual(['touch.cancelled']);
  });

  it('is not asked for a touch that may not be, or no longer, when the attempt is made', async () => {
    await endpoint('connector', ['touch.requested']);
    await tell('touch.requested', { data: { touchId: 'nobody-knows-it' } });
    await run();
    expect(receiver.at('/connector')).toEqual([]);
    expect(await deliveries('connector')).toMatchObject([
      {
        type: 'touch.requested',
        state: 'cancelled',
        because: expect.stringContaining('touch'),
        attempts: [],
      },
    ]);
  });

  it('is not told what has become too late', async () => {
    await endpoint('broken');
    await endpoint('late');
    const notAfter = new Date(service.clock.now().getTime() + 4 * MINUTE);
    await tell('alert.raised', { notAfter });
    await run();
    await next('broken');
    expect(receiver.at('/broken')).toHaveLength(2);
    expect(await deliveries('broken')).toMatchObject([{ state: 'expired', nextAttemptAt: null }]);
    await tell('alert.raised', { notAfter: service.clock.now() });
    await run();
    expect(receiver.at('/late')).toHaveLength(1);
    expect(await deliveries('late')).toMatchObject([
      { state: 'expired', attempts: [] },
      { state: 'delivered' },
    ]);
  });
});

describe('a secret', () => {
  it('is shown once, and a repeated PUT keeps it', async () => {
    await endpoint('ok');
    const first = secrets.get('/ok')!;
    expect(first).toMatch(/^whsec_/);
    await endpoint('ok');
    expect(secrets.get('/ok')).toBeNull();
    const shown = JSON.stringify([
      await show('ok'),
      (await service.http.get(ENDPOINTS).set({ authorization })).body,
    ]);
    expect(shown).not.toContain(first.slice(6));
    await tell();
    await run();
    expect(verified(receiver.at('/ok')[0]!, first)).toMatchObject({ type: 'alert.raised' });
  });

  it('that is changed signs beside the new one until the overlap is over', async () => {
    await endpoint('ok');
    const old = secrets.get('/ok')!;
    const { body } = await post('ok/secret-rotations', { overlapHours: 2 }, 201);
    const { secret } = body as { secret: string };
    expect(secret).not.toBe(old);
    await tell();
    await run();
    const during = receiver.at('/ok').at(-1)!;
    expect(verified(during, old)).toEqual(verified(during, secret));
    service.clock.advance(2 * HOUR);
    await tell();
    await run();
    const after = receiver.at('/ok').at(-1)!;
    expect(verified(after, secret)).toMatchObject({ type: 'alert.raised' });
    expect(() => verified(after, old)).toThrow('No matching signature');
  });
});

describe('telling again', () => {
  it('sends one message again under its id', async () => {
    await endpoint('ok');
    const messageId = await tell();
    await run();
    expect((await post('ok/replays', { messageId }, 202)).body).toEqual({ queued: 1 });
    await run();
    expect(idsAt('/ok')).toEqual([messageId, messageId]);
    expect(await deliveries('ok')).toMatchObject([
      { state: 'delivered', attempts: [{ attempt: 1 }, { attempt: 2 }] },
    ]);
    await post('ok/replays', { messageId: 'msg_unknown' }, 404);
  });

  it('sends all since a time, also what happened before the endpoint was there, or only what was not delivered', async () => {
    const before = await tell();
    service.clock.advance(MINUTE);
    const since = service.clock.now();
    const missed = await tell();
    await run();
    await endpoint('ok', ['alert.raised']);
    const got = await tell();
    await tell('consent.changed');
    await run();
    expect(idsAt('/ok')).toEqual([got]);
    const some = await post('ok/replays', { since: since.toISOString(), onlyUndelivered: true }, 202);
    expect(some.body).toEqual({ queued: 1 });
    await run();
    expect(idsAt('/ok')).toEqual([got, missed]);
    expect((await post('ok/replays', { since: since.toISOString() }, 202)).body).toEqual({ queued: 2 });
    await run();
    expect(idsAt('/ok').slice(2).toSorted()).toEqual([got, missed].toSorted());
    expect(idsAt('/ok')).not.toContain(before);
  });

  it('asks for one message or a time, and for an endpoint that is enabled', async () => {
    await endpoint('ok');
    await post('ok/replays', {}, 422);
    await post('ok/replays', { messageId: 'm', since: '2026-01-01T00:00:00Z' }, 422);
    await post('ok/replays', { since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }, 422);
    await post('ok/deactivations', { reason: 'maintenance' }, 201);
    expect(await show('ok')).toMatchObject({ enabled: false, disabledBecause: 'maintenance' });
    await post('ok/replays', { since: '2026-01-01T00:00:00Z' }, 409);
    await post('ok/test-pings', {}, 409);
    await post('nobody/test-pings', {}, 404);
  });
});

describe('a test message', () => {
  it('is of type webhook.ping, signed like the others, and told to nobody else', async () => {
    await endpoint('ok', ['consent.changed']);
    await endpoint('other');
    const { body } = await post('ok/test-pings', {}, 202);
    await run();
    expect(idsAt('/ok')).toEqual([(body as { messageId: string }).messageId]);
    expect(verified(receiver.at('/ok')[0]!)).toMatchObject({
      type: 'webhook.ping',
      data: { endpointId: 'ok' },
    });
    expect(receiver.at('/other')).toEqual([]);
  });
});

describe('the routes', () => {
  it('page through endpoints and deliveries', async () => {
    for (const name of ['a', 'b', 'c']) await endpoint(name);
    const first = await service.http.get(`${ENDPOINTS}?limit=2`).set({ authorization }).expect(200);
    const { items, nextCursor } = first.body as { items: WebhookEndpoint[]; nextCursor: string };
    expect(items.map(({ endpointId }) => endpointId)).toEqual(['a', 'b']);
    const rest = await service.http.get(`${ENDPOINTS}?limit=2&cursor=${nextCursor}`).set({ authorization });
    expect(rest.body).toMatchObject({ items: [{ endpointId: 'c' }], nextCursor: null });

    const told = [];
    for (let index = 0; index < 5; index += 1) told.push(await tell());
    await run();
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await service.http
        .get(`${ENDPOINTS}/a/deliveries?limit=2${cursor && `&cursor=${cursor}`}`)
        .set({ authorization })
        .expect(200);
      const page = body as { items: Logged[]; nextCursor: string | null };
      seen.push(...page.items.map(({ messageId }) => messageId));
      cursor = page.nextCursor;
    }
    expect(seen.toSorted()).toEqual(told.toSorted());
    expect(new Set(seen).size).toBe(5);
  });

  it('refuse what is wrong with a pointer to it', async () => {
    const put = (body: object) =>
      service.http.put(`${ENDPOINTS}/x`).set({ authorization }).send(body).expect(422);
    expect((await put({ url: 'nowhere' })).body).toMatchObject({ errors: [{ pointer: '/url' }] });
    expect((await put({ url: 'https://u:p@example.org' })).body).toMatchObject({
      errors: [{ pointer: '/url' }],
    });
    expect((await put({ url: receiver.url, eventTypes: ['alarm'] })).body).toMatchObject({
      errors: [{ pointer: '/eventTypes' }],
    });
    expect((await put({})).body).toMatchObject({ errors: [{ pointer: '/url' }] });
    await endpoint('ok');
    await post('ok/secret-rotations', { overlapHours: -1 }, 422);
    await service.http.get(`${ENDPOINTS}/ok/deliveries?state=lost`).set({ authorization }).expect(422);
    await service.http.get(`${ENDPOINTS}/ok/deliveries?cursor=e30`).set({ authorization }).expect(422);
    await service.http.get(`${ENDPOINTS}/nobody`).set({ authorization }).expect(404);
    await service.http.delete(`${ENDPOINTS}/nobody`).set({ authorization }).expect(404);
  });

  it('forget an endpoint with its log', async () => {
    await endpoint('ok');
    await tell();
    await run();
    await service.http.delete(`${ENDPOINTS}/ok`).set({ authorization }).expect(204);
    await service.http.get(`${ENDPOINTS}/ok/deliveries`).set({ authorization }).expect(404);
    await tell();
    await run();
    expect(receiver.at('/ok')).toHaveLength(1);
  });

  it('are closed to whoever sees only accounts of her own', async () => {
    await endpoint('ok');
    await service.http
      .put('/api/v1/team-members/ana')
      .set({ authorization })
      .send({
        name: 'Ana',
        role: 'account-manager',
        email: 'ana@example.org',
        timeZone: 'Europe/Berlin',
        locale: 'en',
      })
      .expect(200);
    const ana = await service.key(['catalogue', 'read'], { memberId: 'ana' });
    for (const path of ['', '/ok', '/ok/deliveries'])
      await service.http.get(`${ENDPOINTS}${path}`).set('authorization', ana.authorization).expect(403);
    await service.http
      .put(`${ENDPOINTS}/hers`)
      .set('authorization', ana.authorization)
      .send({ url: receiver.url })
      .expect(403);
    const scoring = await service.key(['score']);
    await service.http.get(ENDPOINTS).set('authorization', scoring.authorization).expect(403);
  });

  it('show attempts and what waits in the metrics', async () => {
    await endpoint('ok');
    await tell();
    const waiting = await service.http.get('/metrics').set({ authorization }).expect(200);
    expect(waiting.text).toMatch(/^nba_outbox_waiting 1$/m);
    await run();
    const sent = await service.http.get('/metrics').set({ authorization }).expect(200);
    expect(sent.text).toMatch(/^nba_outbox_waiting 0$/m);
    expect(sent.text).toMatch(/^nba_webhook_attempts_total\{outcome="delivered"\} \d+$/m);
    expect(sent.text).toMatch(/^nba_webhook_attempts_total\{outcome="timeout"\} \d+$/m);
  });
});
