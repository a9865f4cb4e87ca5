import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AttemptCheck, type StoredMessage } from '../../src/delivery/index.js';
import { HOUR, MINUTE } from '../../src/shared/index.js';
import type { Mailroom } from '../support/mailroom.js';
import { TEST_NOW } from '../support/service.js';
import { forgetTouches, planned, startTouches } from '../support/touches.js';

let room: Mailroom;

beforeAll(async () => {
  room = await startTouches();
});
afterAll(() => room?.close());
beforeEach(() => forgetTouches(room));

const messages = (type: string) =>
  room.service.database.query<{ data: Record<string, unknown>; not_after: Date | null }[]>(
    'select data, not_after from outbox where type = $1 order by occurred_at, message_id',
    [type],
  );

describe('a touch that a connector performs', () => {
  const data = async () => (await messages('touch.requested')).at(-1)?.data ?? {};

  it('is asked for with all that is needed, until its slot ends', async () => {
    const { id, touchId } = await planned(room, { channelId: 'text' });
    await room.runTouches();
    const [message] = await messages('touch.requested');
    expect(message?.not_after).toEqual(new Date(+TEST_NOW + 2 * HOUR));
    expect(message?.data).toMatchObject({
      touchId,
      contactId: id,
      contact: { name: 'Kim', phone: '+49 30 1' },
      channelId: 'text',
      channelKind: 'sms',
      title: 'News',
      body: `For Kim: https://x.test/?touchId=${touchId}`,
      unsubscribeUrl: expect.stringContaining('https://nba.test/u/'),
      notAfter: new Date(+TEST_NOW + 2 * HOUR).toISOString(),
    });
    expect(await room.touch(touchId)).toMatchObject({ state: 'sending', through: 'connector' });
  });

  it('is reported as sent, delivered and bounced, each once however often it is said', async () => {
    const { id, touchId } = await planned(room, { channelId: 'text' });
    expect((await room.report(touchId, 'sent')).status).toBe(409);
    await room.runTouches();
    for (let times = 0; times < 2; times += 1)
      expect((await room.report(touchId, 'sent')).body).toMatchObject({ state: 'sent' });
    for (let times = 0; times < 2; times += 1)
      expect((await room.report(touchId, 'delivered')).body).toMatchObject({
        deliveredAt: expect.any(String),
      });
    const [row] = await room.service.database.query<{ sent: string }[]>(
      `select count(*) as sent from events where account_id = $1 and name = 'Message Sent'`,
      [id],
    );
    expect(row?.sent).toBe('1');
    for (let times = 0; times < 2; times += 1)
      expect((await room.report(touchId, 'bounced', { because: 'no such number' })).body).toMatchObject({
        state: 'failed',
        because: 'no such number',
      });
  });

  it('of which nobody reports is not known, once its time is over; a late report still counts', async () => {
    const { touchId } = await planned(room, { channelId: 'text' });
    await room.runTouches();
    room.service.clock.advance(3 * HOUR + MINUTE);
    expect(await room.runTouches()).toMatchObject({ unknown: 1 });
    expect(await room.touch(touchId)).toMatchObject({ state: 'unknown' });
    expect((await room.report(touchId, 'sent')).body).toMatchObject({ state: 'sent' });
  });

  it('is called back by an opt-out, named in its answer, and not asked for any more', async () => {
    const { id, touchId } = await planned(room, { channelId: 'text' });
    await room.runTouches();
    const requested: StoredMessage = {
      messageId: 'm',
      type: 'touch.requested',
      occurredAt: TEST_NOW,
      accountId: null,
      data: await data(),
      notAfter: null,
    };
    const check = room.service.app.get(AttemptCheck, { strict: false });
    expect(await check.check(requested, TEST_NOW)).toEqual({ allowed: true });
    const said = await room.call('post', `contacts/${id}/consents`, {
      channelId: '*',
      purpose: '*',
      status: 'withdrawn',
      source: 'contact',
    });
    expect(said.inFlight).toEqual([touchId]);
    expect(await messages('touch.cancelled')).toMatchObject([{ data: { touchId } }]);
    expect(await messages('consent.changed')).toMatchObject([
      { data: { contactId: id, status: 'withdrawn' } },
    ]);
    expect(await check.check(requested, TEST_NOW)).toMatchObject({
      allowed: false,
      because: expect.stringContaining('consent'),
    });
    expect(await room.touch(touchId)).toMatchObject({ state: 'cancelled' });
    // it had gone out all the same: then it is a touch
    expect((await room.report(touchId, 'sent')).body).toMatchObject({ state: 'sent' });
  });
});
