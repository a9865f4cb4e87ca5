import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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

describe('a planned touch', () => {
  it('is sent as a mail, becomes an event of its account, and completes its suggestion', async () => {
    const { id, touchId, suggestionId } = await planned(room);
    expect(await room.runTouches()).toMatchObject({ begun: 1 });
    expect(room.smtp.mails.map(({ to }) => to)).toEqual([`${id}@example.test`]);
    expect(await room.touch(touchId)).toMatchObject({ state: 'sent', begunAt: TEST_NOW.toISOString() });
    const { items } = await room.call('get', `suggestions?accountId=${id}`);
    expect(items).toMatchObject([{ suggestionId, state: 'completed' }]);
    const [told] = await room.service.database.query<{ properties: object }[]>(
      `select properties from events where account_id = $1 and name = 'Email Sent'`,
      [id],
    );
    expect(told?.properties).toMatchObject({ touchId, suggestionId, actionId: 'news', channel: 'email' });
  });

  it('counts once against caps, and is not begun when they are reached', async () => {
    const { id } = await planned(room);
    await room.runTouches();
    const [counted] = await room.service.database.query<{ count: string }[]>(
      'select count(*) from touches where account_id = $1',
      [id],
    );
    expect(counted?.count).toBe('1');
    // the same action again within three days
    room.service.clock.advance(HOUR);
    const again = await room.plan(id, { purpose: 'service' });
    await room.runTouches();
    expect(await room.touch(again.touchId)).toMatchObject({ state: 'cancelled', rule: 'cool-down' });
    expect(room.smtp.mails).toHaveLength(1);
    const { items } = await room.call('get', `suggestions?accountId=${id}&state=withdrawn`);
    expect(items).toMatchObject([
      { suggestionId: again.suggestionId, because: expect.stringContaining('cool-down') },
    ]);
  });

  it('is not begun after its slot, nor without an address, nor when its suggestion was dismissed', async () => {
    const late = await planned(room);
    const none = await planned(room, {}, { email: null });
    const dismissed = await planned(room);
    await room.call('post', `suggestions/${dismissed.suggestionId}/responses`, {
      kind: 'dismissed',
      reason: 'wrong-time',
    });
    for (const [table, key, id] of [
      ['touch_plans', 'touch_id', late.touchId],
      ['suggestions', 'suggestion_id', late.suggestionId],
    ])
      await room.service.database.query(`update ${table} set slot_to = $2 where ${key} = $1`, [id, TEST_NOW]);
    await room.runTouches();
    expect(await room.touch(late.touchId)).toMatchObject({
      state: 'cancelled',
      because: 'Its slot has passed.',
    });
    expect(await room.touch(none.touchId)).toMatchObject({ state: 'cancelled', rule: 'reach' });
    expect(await room.touch(dismissed.touchId)).toMatchObject({
      state: 'cancelled',
      because: expect.stringContaining('dismissed'),
    });
    expect(room.smtp.mails).toEqual([]);
  });

  it('waits for room where the channel has a capacity: so many an hour, and so many a day', async () => {
    const all = [];
    for (let n = 0; n < 5; n += 1)
      all.push(
        await planned(room, {
          channelId: 'scarce',
          slot: { from: TEST_NOW, to: new Date(+TEST_NOW + 24 * HOUR) },
        }),
      );
    await room.runTouches();
    expect(room.smtp.mails).toHaveLength(2); // four a day over two open hours
    room.service.clock.advance(HOUR);
    await room.runTouches();
    expect(room.smtp.mails).toHaveLength(4);
    room.service.clock.advance(HOUR);
    await room.runTouches();
    expect(room.smtp.mails).toHaveLength(4); // the day is full
    const states = await Promise.all(all.map(async ({ touchId }) => (await room.touch(touchId)).state));
    expect(states.sort()).toEqual(['planned', 'sent', 'sent', 'sent', 'sent']);
    room.service.clock.advance(24 * HOUR);
    await room.runTouches();
    expect(room.smtp.mails).toHaveLength(4);
    const waited = await Promise.all(all.map(({ touchId }) => room.touch(touchId)));
    expect(waited.filter(({ state }) => state === 'cancelled')).toMatchObject([
      { because: 'Its slot has passed. The channel has no room for it now.' },
    ]);
  });
});

describe('when the mail server', () => {
  it('refuses for now, it is tried again later, after all rules were asked again', async () => {
    const { id, touchId } = await planned(room);
    room.smtp.behave.set(`${id}@example.test`, { refuse: 'recipient', code: 452 });
    await room.runTouches();
    expect(await room.touch(touchId)).toMatchObject({ state: 'planned' });
    room.smtp.behave.clear();
    await room.runTouches();
    expect(room.smtp.mails).toEqual([]);
    room.service.clock.advance(MINUTE);
    await room.runTouches();
    expect(await room.touch(touchId)).toMatchObject({ state: 'sent' });
    expect(room.smtp.mails).toHaveLength(1);
  });

  it('knows no such mailbox, the touch has failed and the address is not written to again', async () => {
    const { id, touchId } = await planned(room);
    room.smtp.behave.set(`${id}@example.test`, { refuse: 'recipient', code: 550 });
    await room.runTouches();
    expect(await room.touch(touchId)).toMatchObject({ state: 'failed' });
    const [row] = await room.service.database.query<{ held_email: string }[]>(
      'select held_email from contacts where contact_id = $1',
      [id],
    );
    expect(row?.held_email).toBe(`${id}@example.test`);
  });

  it('breaks off after it took the mail, nobody knows, and it is never sent again', async () => {
    const { id, touchId } = await planned(room);
    room.smtp.behave.set(`${id}@example.test`, 'break');
    await room.runTouches();
    expect(await room.touch(touchId)).toMatchObject({ state: 'unknown' });
    room.smtp.behave.clear();
    room.service.clock.advance(HOUR);
    await room.runTouches();
    expect(room.smtp.mails).toHaveLength(1);
    expect(await room.touch(touchId)).toMatchObject({ state: 'unknown' });
  });
});

describe('a mail that bounces', () => {
  it('holds the address until it is another one', async () => {
    const { id, touchId } = await planned(room);
    await room.runTouches();
    await room.report(touchId, 'bounced', { permanent: true });
    expect(await room.touch(touchId)).toMatchObject({ state: 'failed', bouncedAt: expect.any(String) });
    const known = await room.service.database.query<unknown[]>(
      `select from events where account_id = $1 and name = 'Email Bounced'`,
      [id],
    );
    expect(known).toHaveLength(1);
    const again = async () => {
      const { touchId: next } = await room.plan(id, { purpose: 'service' });
      await room.runTouches();
      return room.touch(next);
    };
    room.service.clock.set(new Date('2026-06-15T08:00:00Z'));
    expect(await again()).toMatchObject({ state: 'cancelled', rule: 'reach' });
    await room.call('put', `contacts/${id}`, { accountId: id, name: 'Kim', email: 'new@example.test' });
    expect(await again()).toMatchObject({ state: 'sent' });
  });
});

describe('over HTTP', () => {
  it('touches of other accounts are neither shown nor reported on', async () => {
    const { id, touchId } = await planned(room);
    await room.call('put', 'team-members/mia', { name: 'Mia', role: 'account-manager' });
    const mia = await room.service.key(['read', 'feedback'], { memberId: 'mia' });
    const as = mia.authorization;
    expect((await room.ask('get', `touches/${touchId}`, undefined, as)).status).toBe(404);
    expect((await room.ask('get', `touches?accountId=${id}`, undefined, as)).status).toBe(404);
    expect((await room.ask('get', 'touches', undefined, as)).body.items).toEqual([]);
    const body = { status: 'sent', at: TEST_NOW.toISOString() };
    expect((await room.ask('post', `touches/${touchId}/reports`, body, as)).status).toBe(404);
  });

  it('lists page by page, by account and state, and refuses what it cannot read', async () => {
    const first = await room.call('get', 'touches?limit=2&state=sent');
    expect(first.items).toHaveLength(2);
    const second = await room.call('get', `touches?limit=2&state=sent&cursor=${first.nextCursor}`);
    const ids = [...first.items, ...second.items].map(({ touchId }: { touchId: string }) => touchId);
    expect(new Set(ids).size).toBe(4);
    for (const query of ['state=lost', 'limit=0', 'cursor=x'])
      expect((await room.ask('get', `touches?${query}`)).status).toBe(422);
    expect((await room.ask('get', 'touches/none')).status).toBe(404);
    const { touchId } = await planned(room);
    expect((await room.report(touchId, 'read')).status).toBe(422);
    expect((await room.report(touchId, 'sent', { at: '2030-01-01T00:00:00Z' })).status).toBe(422);
    expect((await room.report('none', 'sent')).status).toBe(404);
  });

  it('a treatment that names what does not exist is refused', async () => {
    const answer = await room.ask('put', 'actions/news/treatments/wrong', {
      channelId: 'email',
      locale: null,
      title: 'News',
      body: 'Dear {contact.nmae}',
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer: '/body' }]);
  });
});
