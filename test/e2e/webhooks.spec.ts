import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/shared/index.js';
import { startWebhooks, TIMEOUT_SECONDS, type Webhooks } from '../support/webhooks.js';

/** Pauses between the attempts of a delivery. */
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

let hooks: Webhooks;

beforeAll(async () => {
  hooks = await startWebhooks();
});
afterEach(() => hooks.forget());
afterAll(() => hooks?.close());

describe('a receiver', () => {
  it('that answers 200, late, has been told: once, signed, with what happened', async () => {
    await hooks.endpoint('late');
    const messageId = await hooks.tell();
    await hooks.run();
    await hooks.run();
    const [call] = hooks.receiver.at('/late');
    expect(hooks.idsAt('/late')).toEqual([messageId]);
    expect(call?.headers['content-type']).toBe('application/json');
    expect(hooks.verified(call!)).toEqual({
      type: 'alert.raised',
      timestamp: hooks.service.clock.now().toISOString(),
      data: { alertId: 'alert-1', title: 'پرسش – a question' },
    });
    expect(await hooks.deliveries('late')).toMatchObject([
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
      await hooks.endpoint(name);
      const messageId = await hooks.tell();
      await hooks.run();
      const waited: number[] = [0];
      for (let pause = await hooks.next(name); pause !== null; pause = await hooks.next(name)) {
        waited.push(pause);
        expect(hooks.verified(hooks.receiver.at(`/${name}`).at(-1)!)).toMatchObject({ type: 'alert.raised' });
      }
      expect(waited).toHaveLength(SCHEDULE.length);
      for (const [step, pause] of waited.entries()) {
        expect(pause).toBeGreaterThanOrEqual(SCHEDULE[step]! * 0.9);
        expect(pause).toBeLessThanOrEqual(SCHEDULE[step]! * 1.1);
      }
      expect(hooks.idsAt(`/${name}`)).toEqual(Array.from(SCHEDULE, () => messageId));
      expect(new Set(hooks.receiver.at(`/${name}`).map(({ body }) => body)).size).toBe(1);
      expect(hooks.receiver.at('/elsewhere')).toEqual([]);
      const [delivery] = await hooks.deliveries(name, '?state=failed');
      expect(delivery).toMatchObject({ messageId, because: expect.stringContaining('last attempt') });
      expect(delivery?.attempts).toHaveLength(SCHEDULE.length);
    },
    60_000,
  );

  it('that hangs or drips is left after the time that it has for its whole answer', async () => {
    await hooks.endpoint('hang');
    await hooks.endpoint('drip');
    await hooks.tell();
    const began = performance.now();
    await hooks.run();
    expect(performance.now() - began).toBeLessThan(TIMEOUT_SECONDS * SECOND + 1500);
    for (const name of ['hang', 'drip']) {
      const [delivery] = await hooks.deliveries(name);
      const [attempt] = delivery?.attempts ?? [];
      expect(attempt).toMatchObject({ status: null, problem: expect.stringContaining('timeout') });
      expect(attempt?.durationMilliseconds).toBeGreaterThanOrEqual(TIMEOUT_SECONDS * SECOND - 20);
    }
  });

  it('that pours out an endless answer is cut off, and its status counts', async () => {
    await hooks.endpoint('flood');
    await hooks.tell();
    await hooks.run();
    const [delivery] = await hooks.deliveries('flood');
    expect(delivery).toMatchObject({ state: 'delivered', attempts: [{ status: 200 }] });
    expect(delivery?.attempts[0]?.answer).toHaveLength(1024);
  });

  it('that answers 410 is disabled, with an entry in the audit trail, and told nothing more', async () => {
    await hooks.endpoint('gone');
    await hooks.tell();
    await hooks.run();
    expect(await hooks.show('gone')).toMatchObject({
      enabled: false,
      disabledBecause: expect.stringContaining('410'),
    });
    await hooks.tell();
    hooks.service.clock.advance(DAY);
    await hooks.run();
    expect(hooks.receiver.at('/gone')).toHaveLength(1);
    const { body } = await hooks.service.http
      .get('/api/v1/audit-entries?subjectId=gone')
      .set({ authorization: hooks.authorization });
    expect(body).toMatchObject({ items: [{ actor: 'system', action: 'webhook-endpoint.disabled' }, {}] });
  });

  it.each([
    ['busy', 10 * MINUTE],
    ['busy-until', HOUR],
  ])('that is %s is let alone as long as it asks for, by all messages', async (name, pause) => {
    await hooks.endpoint(name);
    const first = await hooks.tell();
    await hooks.run();
    const second = await hooks.tell();
    hooks.service.clock.advance(pause - 5 * SECOND);
    await hooks.run();
    expect(hooks.idsAt(`/${name}`)).toEqual([first]);
    expect((await hooks.show(name)).restsUntil).not.toBeNull();
    hooks.service.clock.advance(10 * SECOND);
    await hooks.run();
    expect(hooks.idsAt(`/${name}`).toSorted()).toEqual([first, first, second].toSorted());
    expect(await hooks.deliveries(name, '?state=delivered')).toHaveLength(2);
  });

  it('cannot put us off for longer than a day', async () => {
    await hooks.endpoint('busy-for-ever');
    await hooks.tell();
    await hooks.run();
    expect(await hooks.next('busy-for-ever')).toBe(DAY);
    expect(hooks.receiver.at('/busy-for-ever')).toHaveLength(2);
  });

  it('that is mended meanwhile is told, and no longer counts as failing', async () => {
    await hooks.endpoint('mended');
    await hooks.tell();
    await hooks.run();
    expect((await hooks.show('mended')).failingSince).not.toBeNull();
    for (let attempt = 2; attempt <= 4; attempt += 1) await hooks.next('mended');
    expect(await hooks.deliveries('mended')).toMatchObject([
      { state: 'delivered', attempts: [{ status: 502 }, { status: 502 }, { status: 502 }, { status: 204 }] },
    ]);
    expect((await hooks.show('mended')).failingSince).toBeNull();
  });

  it('that has failed for five days is disabled, and enabled again by hand goes on with what waits', async () => {
    await hooks.endpoint('broken');
    const first = await hooks.tell();
    await hooks.run();
    hooks.service.clock.advance(5 * DAY - MINUTE);
    await hooks.tell();
    await hooks.run();
    expect((await hooks.show('broken')).enabled).toBe(true);
    hooks.service.clock.advance(2 * MINUTE);
    await hooks.run();
    expect(await hooks.show('broken')).toMatchObject({
      enabled: false,
      disabledBecause: expect.stringContaining('every attempt has failed since'),
    });
    const before = hooks.receiver.at('/broken').length;
    hooks.service.clock.advance(HOUR);
    await hooks.run();
    expect(hooks.receiver.at('/broken')).toHaveLength(before);
    await hooks.post('broken/activations', {}, 201);
    await hooks.run();
    expect(hooks.idsAt('/broken').slice(before)).toContain(first);
    expect((await hooks.show('broken')).enabled).toBe(true);
  });

  it('gets only the types that it names, and is asked for touches only when it names them', async () => {
    await hooks.endpoint('all');
    await hooks.endpoint('consents', ['consent.changed']);
    await hooks.endpoint('connector', ['touch.requested', 'touch.cancelled']);
    for (const type of ['alert.raised', 'consent.changed', 'touch.cancelled', 'suggestion.closed'] as const)
      await hooks.tell(type);
    await hooks.run();
    const typesAt = (path: string): unknown[] =>
      hooks.receiver.at(path).map((call) => (hooks.verified(call) as { type: string }).type);
    expect(typesAt('/all').toSorted()).toEqual(['alert.raised', 'consent.changed']);
    expect(typesAt('/consents')).toEqual(['consent.changed']);
    expect(typesAt('/connector')).toEqual(['touch.cancelled']);
  });

  it('is not asked for a touch that may not be, or no longer, when the attempt is made', async () => {
    await hooks.endpoint('connector', ['touch.requested']);
    await hooks.tell('touch.requested', { data: { touchId: 'nobody-knows-it' } });
    await hooks.run();
    expect(hooks.receiver.at('/connector')).toEqual([]);
    expect(await hooks.deliveries('connector')).toMatchObject([
      {
        type: 'touch.requested',
        state: 'cancelled',
        because: expect.stringContaining('touch'),
        attempts: [],
      },
    ]);
  });

  it('is not told what has become too late', async () => {
    await hooks.endpoint('broken');
    await hooks.endpoint('late');
    const notAfter = new Date(hooks.service.clock.now().getTime() + 4 * MINUTE);
    await hooks.tell('alert.raised', { notAfter });
    await hooks.run();
    await hooks.next('broken');
    expect(hooks.receiver.at('/broken')).toHaveLength(2);
    expect(await hooks.deliveries('broken')).toMatchObject([{ state: 'expired', nextAttemptAt: null }]);
    await hooks.tell('alert.raised', { notAfter: hooks.service.clock.now() });
    await hooks.run();
    expect(hooks.receiver.at('/late')).toHaveLength(1);
    expect(await hooks.deliveries('late')).toMatchObject([
      { state: 'expired', attempts: [] },
      { state: 'delivered' },
    ]);
  });
});
