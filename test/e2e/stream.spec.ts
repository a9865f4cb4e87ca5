import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccountId, MemberId } from '../../src/catalogue/index.js';
import {
  type Message,
  Outbox,
  OutboxRelay,
  PostgresStreamSink,
  StreamLog,
} from '../../src/delivery/index.js';
import { Keys, type KeyId } from '../../src/access/index.js';
import { addDays, Transactions } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { EventReader, eventually, type ServerSentEvent } from '../support/server-sent-events.js';

let service: TestService;
let mia: string;
let tom: string;
let everybody: string;
let published = 0;

/** Mia looks after `own`, Tom after `other`; a third account is nobody's. */
beforeAll(async () => {
  service = await startTestService();
  const catalogue = (await service.key(['catalogue'])).authorization;
  const put = (path: string, body: object) =>
    service.http.put(`/api/v1/${path}`).set({ authorization: catalogue }).send(body).expect(200);
  for (const memberId of ['mia', 'tom'])
    await put(`team-members/${memberId}`, { name: memberId, role: 'account-manager' });
  for (const accountId of ['own', 'other', 'nobodys'])
    await put(`accounts/${accountId}`, { name: accountId, kind: 'company' });
  await put('accounts/own/team/mia', {});
  await put('accounts/other/team/tom', {});
  mia = (await service.key(['read'], { memberId: 'mia' })).authorization;
  tom = (await service.key(['read'], { memberId: 'tom' })).authorization;
  everybody = (await service.key(['read'])).authorization;
});

afterAll(() => service.close());

function message(about: Partial<Message> = {}): Message {
  published += 1;
  return {
    messageId: `msg_${published}`,
    type: 'alert.raised',
    occurredAt: service.clock.now(),
    accountId: 'own' as AccountId,
    memberIds: [],
    data: { number: published },
    notAfter: null,
    ...about,
  };
}

/** As the relay does it. */
async function publish(...messages: Message[]): Promise<void> {
  const sink = service.app.get(PostgresStreamSink, { strict: false });
  await service.app.get(Transactions).run((within) => sink.take(messages, service.clock.now(), within));
}

const reader = (authorization: string) =>
  new EventReader(`${service.url}/api/v1/alerts/stream`, { authorization });
const numbers = (events: readonly ServerSentEvent[]): unknown[] =>
  events.filter((event) => event.event !== 'resync').map(({ data }) => (data as { number: unknown }).number);

describe('the live stream', () => {
  it('tells what happens under the names of the interface, each with its place in the stream', async () => {
    const open = await reader(everybody).open();
    const types = [
      'alert.raised',
      'suggestion.created',
      'suggestion.withdrawn',
      'suggestion.closed',
      'task.created',
      'rescoring.finished',
      'consent.changed',
      'model.promoted',
    ] as const;
    await publish(...types.map((type) => message({ type })));
    await eventually(() => expect(open.events).toHaveLength(6));
    expect(open.events.map(({ event }) => event)).toEqual([
      'alert',
      'suggestion.created',
      'suggestion.withdrawn',
      'suggestion.closed',
      'task',
      'resync',
    ]);
    const ids = open.events.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(new Set(ids).size).toBe(6);
    await open.close();
  });

  it('is not buffered by proxies nor kept by caches, and needs the scope read', async () => {
    const open = await reader(everybody).open();
    expect(open.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(open.headers.get('x-accel-buffering')).toBe('no');
    expect(open.headers.get('cache-control')).toBe('no-store');
    expect(open.headers.get('x-content-type-options')).toBe('nosniff');
    await open.close();
    await service.http.get('/api/v1/alerts/stream').expect(401);
    const score = (await service.key(['score'])).authorization;
    await service.http.get('/api/v1/alerts/stream').set({ authorization: score }).expect(403);
  });

  it('tells what a business change left in the outbox, and nothing of one that was rolled back', async () => {
    const open = await reader(mia).open();
    const outbox = service.app.get(Outbox, { strict: false });
    const put = (told: Message, fails: boolean) =>
      service.app.get(Transactions).run(async (within) => {
        await outbox.put([told], within);
        if (fails) throw new Error('rolled back');
      });
    await expect(put(message(), true)).rejects.toThrow('rolled back');
    const told = message();
    await put(told, false);
    await service.app.get(OutboxRelay, { strict: false }).runDue(service.clock.now());
    await eventually(() => expect(open.events).toMatchObject([{ event: 'alert', data: told.data }]));
    await open.close();
  });

  it('tells a message once, however often it is published', async () => {
    const open = await reader(everybody).open();
    const once = message();
    const last = message();
    await publish(once);
    await publish(once, last);
    await eventually(() => expect(open.events).toHaveLength(2));
    expect(numbers(open.events)).toEqual([once.data['number'], last.data['number']]);
    await open.close();
  });

  it('tells a member of her own accounts, of what is addressed to her, and of what concerns everybody', async () => {
    const [mias, toms] = [await reader(mia).open(), await reader(tom).open()];
    const own = message();
    const other = message({ accountId: 'other' as AccountId });
    const nobodys = message({ accountId: 'nobodys' as AccountId });
    const toTom = message({ accountId: 'nobodys' as AccountId, memberIds: ['tom' as MemberId] });
    const toMia = message({ accountId: null, memberIds: ['mia' as MemberId] });
    const all = message({ type: 'rescoring.finished', accountId: null });
    await publish(own, other, nobodys, toTom, toMia, all);
    await eventually(() => expect(mias.events.at(-1)?.event).toBe('resync'));
    await eventually(() => expect(toms.events.at(-1)?.event).toBe('resync'));
    expect(numbers(mias.events)).toEqual([own.data['number'], toMia.data['number']]);
    expect(numbers(toms.events)).toEqual([other.data['number'], toTom.data['number']]);
    await mias.close();
    await toms.close();
  });

  it('replays under what the member may see now, by header or by query', async () => {
    const before = await reader(mia).open();
    const from = before.lastEventId;
    await before.close();
    const own = message();
    await publish(message({ accountId: 'other' as AccountId }), own);
    for (const how of ['header', 'query'] as const) {
      const again = await reader(mia).open(from, how);
      await eventually(() => expect(numbers(again.events)).toEqual([own.data['number']]));
      await again.close();
    }
  });

  it('says resync to whoever is too far back, ahead of everybody, or shows an id that is not ours', async () => {
    const first = await reader(everybody).open();
    const from = Number(first.lastEventId);
    await first.close();
    await publish(message());
    service.clock.advance(8 * 86_400_000);
    await publish(message());
    const log = service.app.get(StreamLog, { strict: false });
    expect(await log.purge(addDays(service.clock.now(), -7), 1000)).toBeGreaterThan(0);
    for (const id of [String(from), '999999999', '0f8fad5b-d9cb']) {
      const again = await reader(everybody).open(id);
      await eventually(() => expect(again.events.map(({ event }) => event)).toEqual(['resync']));
      const next = message();
      await publish(next);
      await eventually(() => expect(numbers(again.events).at(-1)).toBe(next.data['number']));
      // what was published right before it came may follow the resync: in order, and once
      const followed = numbers(again.events).map(Number);
      expect(followed).toEqual([...new Set(followed)].sort((a, b) => a - b));
      await again.close();
    }
  });

  it('ends when the key is revoked', async () => {
    const { raw, authorization } = await service.key(['read']);
    const open = await reader(authorization).open();
    const keyId = raw.split('_')[1] as KeyId;
    await service.app.get(Keys, { strict: false }).revoke(keyId, 'test');
    await open.ended;
    await service.http.get('/api/v1/alerts/stream').set({ authorization }).expect(401);
  });

  it('gives a client that reconnects at random every message once and in order', async () => {
    const step = fc.record({
      batches: fc.array(fc.array(fc.constantFrom('own', 'other', 'everybody'), { maxLength: 5 }), {
        maxLength: 4,
      }),
      leaves: fc.boolean(),
      waits: fc.nat(12),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const expected: unknown[] = [];
        const seen: ServerSentEvent[] = [];
        let open = await reader(mia).open();
        for (const { batches, leaves, waits } of steps) {
          const publishing = batches.map((batch) =>
            publish(
              ...batch.map((whose) => {
                const about = message(
                  whose === 'everybody' ? { accountId: null } : { accountId: whose as AccountId },
                );
                if (whose !== 'other') expected.push(about.data['number']);
                return about;
              }),
            ),
          );
          if (leaves) {
            await new Promise((resolve) => setTimeout(resolve, waits));
            await open.close();
            seen.push(...open.events);
            open = await reader(mia).open(open.lastEventId);
          }
          await Promise.all(publishing);
        }
        await eventually(() =>
          expect(seen.length + open.events.length).toBeGreaterThanOrEqual(expected.length),
        );
        const last = message();
        expected.push(last.data['number']);
        await publish(last);
        await eventually(() => expect(numbers(open.events).at(-1)).toBe(last.data['number']));
        await open.close();
        seen.push(...open.events);
        const ids = seen.map(({ id }) => Number(id));
        expect(ids).toEqual([...ids].sort((a, b) => a - b));
        expect(numbers(seen).toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it('serves a client that is a long way behind, and one that hardly reads, without holding anybody up', async () => {
    const from = await reader(everybody).open();
    const place = from.lastEventId;
    const slow = await reader(everybody).open(undefined, 'header', { reads: false });
    const text = 'x'.repeat(10_000);
    const many = Array.from({ length: 1_500 }, () => message({ data: { number: (published += 1), text } }));
    for (let at = 0; at < many.length; at += 500) await publish(...many.slice(at, at + 500));
    await eventually(() => expect(from.events).toHaveLength(1_500));
    const behind = await reader(everybody).open(place);
    await eventually(() => expect(behind.events).toHaveLength(1_500));
    expect(numbers(behind.events)).toEqual(many.map(({ data }) => data['number']));
    slow.read();
    await eventually(() => expect(numbers(slow.events)).toEqual(many.map(({ data }) => data['number'])));
    for (const open of [from, behind, slow]) await open.close();
  });
});

describe('shutdown', () => {
  it('ends open streams instead of waiting for them', async () => {
    const other = await startTestService();
    const { authorization } = await other.key(['read']);
    const open = await new EventReader(`${other.url}/api/v1/alerts/stream`, { authorization }).open();
    const started = performance.now();
    await other.close();
    await open.ended;
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
