import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { WebhookEndpoint } from '../../src/delivery/index.js';
import { HOUR, MINUTE } from '../../src/shared/index.js';
import { ENDPOINTS, type LoggedOverHttp, startWebhooks, type Webhooks } from '../support/webhooks.js';

let hooks: Webhooks;

beforeAll(async () => {
  hooks = await startWebhooks();
});
afterEach(() => hooks.forget());
afterAll(() => hooks?.close());

describe('a secret', () => {
  it('is shown once, and a repeated PUT keeps it', async () => {
    await hooks.endpoint('ok');
    const first = hooks.secretOf('ok')!;
    expect(first).toMatch(/^whsec_/);
    await hooks.endpoint('ok');
    expect(hooks.secretOf('ok')).toBeNull();
    const shown = JSON.stringify([await hooks.show('ok'), (await hooks.get('')).body]);
    expect(shown).not.toContain(first.slice(6));
    await hooks.tell();
    await hooks.run();
    expect(hooks.verified(hooks.receiver.at('/ok')[0]!, first)).toMatchObject({ type: 'alert.raised' });
  });

  it('that is changed signs beside the new one until the overlap is over', async () => {
    await hooks.endpoint('ok');
    const old = hooks.secretOf('ok')!;
    const { body } = await hooks.post('ok/secret-rotations', { overlapHours: 2 }, 201);
    const { secret } = body as { secret: string };
    expect(secret).not.toBe(old);
    await hooks.tell();
    await hooks.run();
    const during = hooks.receiver.at('/ok').at(-1)!;
    expect(hooks.verified(during, old)).toEqual(hooks.verified(during, secret));
    hooks.service.clock.advance(2 * HOUR);
    await hooks.tell();
    await hooks.run();
    const after = hooks.receiver.at('/ok').at(-1)!;
    expect(hooks.verified(after, secret)).toMatchObject({ type: 'alert.raised' });
    expect(() => hooks.verified(after, old)).toThrow('No matching signature');
  });
});

describe('telling again', () => {
  it('sends one message again under its id', async () => {
    await hooks.endpoint('ok');
    const messageId = await hooks.tell();
    await hooks.run();
    expect((await hooks.post('ok/replays', { messageId }, 202)).body).toEqual({ queued: 1 });
    await hooks.run();
    expect(hooks.idsAt('/ok')).toEqual([messageId, messageId]);
    expect(await hooks.deliveries('ok')).toMatchObject([
      { state: 'delivered', attempts: [{ attempt: 1 }, { attempt: 2 }] },
    ]);
    await hooks.post('ok/replays', { messageId: 'msg_unknown' }, 404);
  });

  it('sends all since a time, also what happened before the endpoint was there, or only what was not delivered', async () => {
    const before = await hooks.tell();
    hooks.service.clock.advance(MINUTE);
    const since = hooks.service.clock.now();
    const missed = await hooks.tell();
    await hooks.run();
    await hooks.endpoint('ok', ['alert.raised']);
    const got = await hooks.tell();
    await hooks.tell('consent.changed');
    await hooks.run();
    expect(hooks.idsAt('/ok')).toEqual([got]);
    const some = await hooks.post('ok/replays', { since: since.toISOString(), onlyUndelivered: true }, 202);
    expect(some.body).toEqual({ queued: 1 });
    await hooks.run();
    expect(hooks.idsAt('/ok')).toEqual([got, missed]);
    expect((await hooks.post('ok/replays', { since: since.toISOString() }, 202)).body).toEqual({ queued: 2 });
    await hooks.run();
    expect(hooks.idsAt('/ok').slice(2).toSorted()).toEqual([got, missed].toSorted());
    expect(hooks.idsAt('/ok')).not.toContain(before);
  });

  it('asks for one message or a time, and for an endpoint that is enabled', async () => {
    await hooks.endpoint('ok');
    await hooks.post('ok/replays', {}, 422);
    await hooks.post('ok/replays', { messageId: 'm', since: '2026-01-01T00:00:00Z' }, 422);
    await hooks.post('ok/replays', { since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }, 422);
    await hooks.post('ok/deactivations', { reason: 'maintenance' }, 201);
    expect(await hooks.show('ok')).toMatchObject({ enabled: false, disabledBecause: 'maintenance' });
    await hooks.post('ok/replays', { since: '2026-01-01T00:00:00Z' }, 409);
    await hooks.post('ok/test-pings', {}, 409);
    await hooks.post('nobody/test-pings', {}, 404);
  });
});

describe('a test message', () => {
  it('is of type webhook.ping, signed like the others, and told to nobody else', async () => {
    await hooks.endpoint('ok', ['consent.changed']);
    await hooks.endpoint('other');
    const { body } = await hooks.post('ok/test-pings', {}, 202);
    await hooks.run();
    expect(hooks.idsAt('/ok')).toEqual([(body as { messageId: string }).messageId]);
    expect(hooks.verified(hooks.receiver.at('/ok')[0]!)).toMatchObject({
      type: 'webhook.ping',
      data: { endpointId: 'ok' },
    });
    expect(hooks.receiver.at('/other')).toEqual([]);
  });
});

describe('the routes', () => {
  it('page through endpoints and deliveries', async () => {
    for (const name of ['a', 'b', 'c']) await hooks.endpoint(name);
    const first = await hooks.get('?limit=2');
    const { items, nextCursor } = first.body as { items: WebhookEndpoint[]; nextCursor: string };
    expect(items.map(({ endpointId }) => endpointId)).toEqual(['a', 'b']);
    const rest = await hooks.get(`?limit=2&cursor=${nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ endpointId: 'c' }], nextCursor: null });

    const told = [];
    for (let index = 0; index < 5; index += 1) told.push(await hooks.tell());
    await hooks.run();
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await hooks.get(`/a/deliveries?limit=2${cursor && `&cursor=${cursor}`}`);
      const page = body as { items: LoggedOverHttp[]; nextCursor: string | null };
      seen.push(...page.items.map(({ messageId }) => messageId));
      cursor = page.nextCursor;
    }
    expect(seen.toSorted()).toEqual(told.toSorted());
    expect(new Set(seen).size).toBe(5);
  });

  it('refuse what is wrong with a pointer to it', async () => {
    const put = (body: object) =>
      hooks.service.http
        .put(`${ENDPOINTS}/x`)
        .set({ authorization: hooks.authorization })
        .send(body)
        .expect(422);
    expect((await put({ url: 'nowhere' })).body).toMatchObject({ errors: [{ pointer: '/url' }] });
    expect((await put({ url: 'https://u:p@example.org' })).body).toMatchObject({
      errors: [{ pointer: '/url' }],
    });
    expect((await put({ url: hooks.receiver.url, eventTypes: ['alarm'] })).body).toMatchObject({
      errors: [{ pointer: '/eventTypes' }],
    });
    expect((await put({})).body).toMatchObject({ errors: [{ pointer: '/url' }] });
    await hooks.endpoint('ok');
    await hooks.post('ok/secret-rotations', { overlapHours: -1 }, 422);
    await hooks.get('/ok/deliveries?state=lost', 422);
    await hooks.get('/ok/deliveries?cursor=e30', 422);
    await hooks.get('/nobody', 404);
    await hooks.service.http
      .delete(`${ENDPOINTS}/nobody`)
      .set({ authorization: hooks.authorization })
      .expect(404);
  });

  it('forget an endpoint with its log', async () => {
    await hooks.endpoint('ok');
    await hooks.tell();
    await hooks.run();
    await hooks.service.http
      .delete(`${ENDPOINTS}/ok`)
      .set({ authorization: hooks.authorization })
      .expect(204);
    await hooks.get('/ok/deliveries', 404);
    await hooks.tell();
    await hooks.run();
    expect(hooks.receiver.at('/ok')).toHaveLength(1);
  });

  it('are closed to whoever sees only accounts of her own', async () => {
    await hooks.endpoint('ok');
    await hooks.service.http
      .put('/api/v1/team-members/ana')
      .set({ authorization: hooks.authorization })
      .send({
        name: 'Ana',
        role: 'account-manager',
        email: 'ana@example.org',
        timeZone: 'Europe/Berlin',
        locale: 'en',
      })
      .expect(200);
    const ana = await hooks.service.key(['catalogue', 'read'], { memberId: 'ana' });
    for (const path of ['', '/ok', '/ok/deliveries'])
      await hooks.service.http.get(`${ENDPOINTS}${path}`).set('authorization', ana.authorization).expect(403);
    await hooks.service.http
      .put(`${ENDPOINTS}/hers`)
      .set('authorization', ana.authorization)
      .send({ url: hooks.receiver.url })
      .expect(403);
    const scoring = await hooks.service.key(['score']);
    await hooks.service.http.get(ENDPOINTS).set('authorization', scoring.authorization).expect(403);
  });

  it('show attempts and what waits in the metrics', async () => {
    await hooks.endpoint('ok');
    await hooks.endpoint('hang');
    await hooks.tell();
    const waiting = await hooks.service.http
      .get('/metrics')
      .set({ authorization: hooks.authorization })
      .expect(200);
    expect(waiting.text).toMatch(/^nba_outbox_waiting 1$/m);
    await hooks.run();
    const sent = await hooks.service.http
      .get('/metrics')
      .set({ authorization: hooks.authorization })
      .expect(200);
    expect(sent.text).toMatch(/^nba_outbox_waiting 0$/m);
    expect(sent.text).toMatch(/^nba_webhook_attempts_total\{outcome="delivered"\} \d+$/m);
    expect(sent.text).toMatch(/^nba_webhook_attempts_total\{outcome="timeout"\} \d+$/m);
  });
});
