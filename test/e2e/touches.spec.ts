import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AttemptCheck, type StoredMessage } from '../../src/delivery/index.js';
import { HOUR, MINUTE } from '../../src/shared/index.js';
import { SendTouches } from '../../src/workflows/index.js';
import { type PlannedAs, planTouches } from '../support/planned-touches.js';
import { startTestService, TEST_NOW, type TestService } from '../support/service.js';
import { type SmtpReceiver, startSmtp } from '../support/smtp.js';

let smtp: SmtpReceiver;
let service: TestService;
let authorization: string;
let touches: SendTouches;
let serial = 0;

const ask = (method: 'put' | 'post' | 'get', path: string, body?: object, as = authorization) => {
  const asked = service.http[method](path).set({ authorization: as });
  return body ? asked.send(body) : asked;
};
const call = async (method: 'put' | 'post' | 'get', path: string, body?: object) => {
  const answer = await ask(method, path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const shown = (touchId: string) => call('get', `/api/v1/touches/${touchId}`);
const report = (touchId: string, status: string, more: object = {}) =>
  ask('post', `/api/v1/touches/${touchId}/reports`, {
    status,
    at: service.clock.now().toISOString(),
    ...more,
  });
const messages = (type: string) =>
  service.database.query<{ data: Record<string, unknown>; not_after: Date | null }[]>(
    'select data, not_after from outbox where type = $1 order by occurred_at, message_id',
    [type],
  );

const CHANNELS = {
  email: { kind: 'email', capacityPerDay: null },
  text: { kind: 'sms', capacityPerDay: null },
  scarce: { kind: 'email', capacityPerDay: 4 },
} as const;

beforeAll(async () => {
  smtp = await startSmtp();
  service = await startTestService({
    config: { smtpUrl: smtp.url, mailFrom: 'nba@example.test', publicUrl: 'https://nba.test' },
  });
  ({ authorization } = await service.key(['catalogue', 'ingest', 'consent', 'read', 'feedback']));
  touches = service.app.get(SendTouches, { strict: false });
  for (const [channelId, { kind, capacityPerDay }] of Object.entries(CHANNELS)) {
    await call('put', `/api/v1/channels/${channelId}`, {
      name: channelId,
      kind,
      performedBy: 'automatic',
      costPerTouch: 0.1,
      leadTimeHours: 0,
      consent: 'opt-out',
      capacityPerDay,
      hours: { mon: [['08:00', '10:00']], tue: [['08:00', '12:00']] },
    });
  }
  await call('put', '/api/v1/outcome-definitions/reply', { event: 'Email Replied', withinDays: 14 });
  await call('put', '/api/v1/actions/news', {
    name: 'News',
    intent: 'content',
    purpose: 'service',
    productIds: [],
    topics: [],
    channelIds: Object.keys(CHANNELS),
    outcomeId: 'reply',
    value: 1,
    lever: 1,
    mandatory: false,
  });
  for (const channelId of Object.keys(CHANNELS)) {
    await call('put', `/api/v1/actions/news/treatments/${channelId}`, {
      channelId,
      locale: null,
      title: 'News',
      body: 'For {contact.name}: https://x.test',
    });
  }
});
afterAll(async () => {
  await service.close();
  await smtp.close();
});
beforeEach(async () => {
  smtp.mails.length = 0;
  smtp.behave.clear();
  service.clock.set(TEST_NOW);
  await service.database.query('delete from outbox');
  await service.database.query('delete from channel_pace');
  // what an earlier test left waiting is none of the next one's
  await service.database.query('update touch_plans set next_try_at = null, lease_until = null');
  await service.database.query(
    `update suggestions set state = 'expired' where state in ('open', 'accepted')`,
  );
});

/** A person, and a touch that is planned for her. */
async function planned(
  channelId: keyof typeof CHANNELS = 'email',
  changes: Partial<PlannedAs> = {},
  contact: object = {},
): Promise<{ id: string; touchId: string; suggestionId: string }> {
  serial += 1;
  const id = `person-${serial}`;
  await call('put', `/api/v1/accounts/${id}`, {
    name: id,
    kind: 'person',
    country: 'DE',
    timeZone: 'Europe/Berlin',
    mode: 'automated',
    attributes: {},
  });
  await call('put', `/api/v1/contacts/${id}`, {
    accountId: id,
    name: 'Kim',
    email: `${id}@example.test`,
    phone: '+49 30 1',
    ...contact,
  });
  const one = { touchId: `touch-${id}`, suggestionId: `suggestion-${id}`, accountId: id, contactId: id };
  const at = service.clock.now();
  await planTouches(service.database, [one], {
    channelId,
    actionId: 'news',
    treatmentId: channelId,
    purpose: 'service',
    through: CHANNELS[channelId].kind === 'email' ? 'mail' : 'connector',
    slot: { from: at, to: new Date(at.getTime() + 2 * HOUR) },
    at,
    ...changes,
  });
  return { id, ...one };
}

describe('a planned touch', () => {
  it('is sent as a mail, becomes an event of its account, and completes its suggestion', async () => {
    const { id, touchId, suggestionId } = await planned();
    expect(await touches.runDue()).toMatchObject({ begun: 1 });
    expect(smtp.mails.map(({ to }) => to)).toEqual([`${id}@example.test`]);
    expect(await shown(touchId)).toMatchObject({ state: 'sent', begunAt: TEST_NOW.toISOString() });
    const { items } = await call('get', `/api/v1/suggestions?accountId=${id}`);
    expect(items).toMatchObject([{ suggestionId, state: 'completed' }]);
    const [told] = await service.database.query<{ properties: object }[]>(
      `select properties from events where account_id = $1 and name = 'Email Sent'`,
      [id],
    );
    expect(told?.properties).toMatchObject({ touchId, suggestionId, actionId: 'news', channel: 'email' });
  });

  it('counts once against caps, and is not begun when they are reached', async () => {
    const { id } = await planned();
    await touches.runDue();
    const [counted] = await service.database.query<{ count: string }[]>(
      'select count(*) from touches where account_id = $1',
      [id],
    );
    expect(counted?.count).toBe('1');
    // the same action again within three days
    service.clock.advance(HOUR);
    const at = service.clock.now();
    await planTouches(
      service.database,
      [{ touchId: 'again', suggestionId: 'again', accountId: id, contactId: id }],
      {
        channelId: 'email',
        actionId: 'news',
        treatmentId: 'email',
        purpose: 'service',
        through: 'mail',
        slot: { from: at, to: new Date(at.getTime() + HOUR) },
        at,
      },
    );
    await touches.runDue();
    expect(await shown('again')).toMatchObject({ state: 'cancelled', rule: 'cool-down' });
    expect(smtp.mails).toHaveLength(1);
    const { items } = await call('get', `/api/v1/suggestions?accountId=${id}&state=withdrawn`);
    expect(items).toMatchObject([{ suggestionId: 'again', because: expect.stringContaining('cool-down') }]);
  });

  it('is not begun after its slot, nor without an address, nor when its suggestion was dismissed', async () => {
    const late = await planned();
    const none = await planned('email', {}, { email: null });
    const dismissed = await planned();
    await call('post', `/api/v1/suggestions/${dismissed.suggestionId}/responses`, {
      kind: 'dismissed',
      reason: 'wrong-time',
    });
    for (const [table, key, id] of [
      ['touch_plans', 'touch_id', late.touchId],
      ['suggestions', 'suggestion_id', late.suggestionId],
    ])
      await service.database.query(`update ${table} set slot_to = $2 where ${key} = $1`, [id, TEST_NOW]);
    await touches.runDue();
    expect(await shown(late.touchId)).toMatchObject({ state: 'cancelled', because: 'Its slot has passed.' });
    expect(await shown(none.touchId)).toMatchObject({ state: 'cancelled', rule: 'reach' });
    expect(await shown(dismissed.touchId)).toMatchObject({
      state: 'cancelled',
      because: expect.stringContaining('dismissed'),
    });
    expect(smtp.mails).toEqual([]);
  });

  it('waits for room where the channel has a capacity: so many an hour, and so many a day', async () => {
    const all = [];
    for (let n = 0; n < 5; n += 1)
      all.push(await planned('scarce', { slot: { from: TEST_NOW, to: new Date(+TEST_NOW + 24 * HOUR) } }));
    await touches.runDue();
    expect(smtp.mails).toHaveLength(2); // four a day over two open hours
    service.clock.advance(HOUR);
    await touches.runDue();
    expect(smtp.mails).toHaveLength(4);
    service.clock.advance(HOUR);
    await touches.runDue();
    expect(smtp.mails).toHaveLength(4); // the day is full
    const states = await Promise.all(all.map(async ({ touchId }) => (await shown(touchId)).state));
    expect(states.sort()).toEqual(['planned', 'sent', 'sent', 'sent', 'sent']);
    service.clock.advance(24 * HOUR);
    await touches.runDue();
    expect(smtp.mails).toHaveLength(4);
    const waited = await Promise.all(all.map(({ touchId }) => shown(touchId)));
    expect(waited.filter(({ state }) => state === 'cancelled')).toMatchObject([
      { because: 'Its slot has passed. The channel has no room for it now.' },
    ]);
  });
});

describe('when the mail server', () => {
  it('refuses for now, it is tried again later, after all rules were asked again', async () => {
    const { id, touchId } = await planned();
    smtp.behave.set(`${id}@example.test`, { refuse: 'recipient', code: 452 });
    await touches.runDue();
    expect(await shown(touchId)).toMatchObject({ state: 'planned' });
    smtp.behave.clear();
    await touches.runDue();
    expect(smtp.mails).toEqual([]);
    service.clock.advance(MINUTE);
    await touches.runDue();
    expect(await shown(touchId)).toMatchObject({ state: 'sent' });
    expect(smtp.mails).toHaveLength(1);
  });

  it('knows no such mailbox, the touch has failed and the address is not written to again', async () => {
    const { id, touchId } = await planned();
    smtp.behave.set(`${id}@example.test`, { refuse: 'recipient', code: 550 });
    await touches.runDue();
    expect(await shown(touchId)).toMatchObject({ state: 'failed' });
    const [row] = await service.database.query<{ held_email: string }[]>(
      'select held_email from contacts where contact_id = $1',
      [id],
    );
    expect(row?.held_email).toBe(`${id}@example.test`);
  });

  it('breaks off after it took the mail, nobody knows, and it is never sent again', async () => {
    const { id, touchId } = await planned();
    smtp.behave.set(`${id}@example.test`, 'break');
    await touches.runDue();
    expect(await shown(touchId)).toMatchObject({ state: 'unknown' });
    smtp.behave.clear();
    service.clock.advance(HOUR);
    await touches.runDue();
    expect(smtp.mails).toHaveLength(1);
    expect(await shown(touchId)).toMatchObject({ state: 'unknown' });
  });
});

describe('a touch that a connector performs', () => {
  const data = async () => (await messages('touch.requested')).at(-1)?.data ?? {};

  it('is asked for with all that is needed, until its slot ends', async () => {
    const { id, touchId } = await planned('text');
    await touches.runDue();
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
    expect(await shown(touchId)).toMatchObject({ state: 'sending', through: 'connector' });
  });

  it('is reported as sent, delivered and bounced, each once however often it is said', async () => {
    const { id, touchId } = await planned('text');
    expect((await report(touchId, 'sent')).status).toBe(409);
    await touches.runDue();
    for (let times = 0; times < 2; times += 1)
      expect((await report(touchId, 'sent')).body).toMatchObject({ state: 'sent' });
    for (let times = 0; times < 2; times += 1)
      expect((await report(touchId, 'delivered')).body).toMatchObject({ deliveredAt: expect.any(String) });
    const [row] = await service.database.query<{ sent: string }[]>(
      `select count(*) as sent from events where account_id = $1 and name = 'Message Sent'`,
      [id],
    );
    expect(row?.sent).toBe('1');
    for (let times = 0; times < 2; times += 1)
      expect((await report(touchId, 'bounced', { because: 'no such number' })).body).toMatchObject({
        state: 'failed',
        because: 'no such number',
      });
  });

  it('of which nobody reports is not known, once its time is over; a late report still counts', async () => {
    const { touchId } = await planned('text');
    await touches.runDue();
    service.clock.advance(3 * HOUR + MINUTE);
    expect(await touches.runDue()).toMatchObject({ unknown: 1 });
    expect(await shown(touchId)).toMatchObject({ state: 'unknown' });
    expect((await report(touchId, 'sent')).body).toMatchObject({ state: 'sent' });
  });

  it('is called back by an opt-out, named in its answer, and not asked for any more', async () => {
    const { id, touchId } = await planned('text');
    await touches.runDue();
    const requested: StoredMessage = {
      messageId: 'm',
      type: 'touch.requested',
      occurredAt: TEST_NOW,
      accountId: null,
      data: await data(),
      notAfter: null,
    };
    const check = service.app.get(AttemptCheck, { strict: false });
    expect(await check.check(requested, TEST_NOW)).toEqual({ allowed: true });
    const said = await call('post', `/api/v1/contacts/${id}/consents`, {
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
    expect(await shown(touchId)).toMatchObject({ state: 'cancelled' });
    // it had gone out all the same: then it is a touch
    expect((await report(touchId, 'sent')).body).toMatchObject({ state: 'sent' });
  });
});

describe('a mail that bounces', () => {
  it('holds the address until it is another one', async () => {
    const { id, touchId } = await planned();
    await touches.runDue();
    await report(touchId, 'bounced', { permanent: true });
    expect(await shown(touchId)).toMatchObject({ state: 'failed', bouncedAt: expect.any(String) });
    const known = await service.database.query<unknown[]>(
      `select from events where account_id = $1 and name = 'Email Bounced'`,
      [id],
    );
    expect(known).toHaveLength(1);
    const again = async (touch: string) => {
      const at = service.clock.now();
      await planTouches(
        service.database,
        [{ touchId: touch, suggestionId: touch, accountId: id, contactId: id }],
        {
          channelId: 'email',
          actionId: 'news',
          treatmentId: 'email',
          purpose: 'service',
          through: 'mail',
          slot: { from: at, to: new Date(+at + HOUR) },
          at,
        },
      );
      await touches.runDue();
      return shown(touch);
    };
    service.clock.set(new Date('2026-06-15T08:00:00Z'));
    expect(await again(`${touchId}-held`)).toMatchObject({ state: 'cancelled', rule: 'reach' });
    await call('put', `/api/v1/contacts/${id}`, { accountId: id, name: 'Kim', email: 'new@example.test' });
    expect(await again(`${touchId}-free`)).toMatchObject({ state: 'sent' });
  });
});

describe('the link in a mail', () => {
  const linkOf = async () => {
    const { id } = await planned();
    await touches.runDue();
    const url = /List-Unsubscribe: <https:\/\/nba\.test(\/u\/[^>]+)>/.exec(smtp.mails.at(-1)?.headers ?? '');
    return { id, path: url?.[1] ?? '' };
  };
  const statusOf = async (id: string) => {
    const { status } = await call('get', `/api/v1/contacts/${id}/consents`);
    return (status as { channelId: string; purpose: string; allowed: boolean }[]).find(
      ({ channelId, purpose }) => channelId === 'email' && purpose === 'service',
    )?.allowed;
  };

  it('does nothing when it is only looked at, and shows a button in her language', async () => {
    const { id, path } = await linkOf();
    const page = await service.http.get(path);
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.text).toContain('<form method="post">');
    expect(await statusOf(id)).toBe(true);
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'a form with parts',
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ])(
    'unsubscribes at once by a POST of %s, without signing in and without a redirect',
    async (_, type, body) => {
      const { id, path } = await linkOf();
      for (let times = 0; times < 2; times += 1) {
        const answer = await service.http.post(path).set('content-type', type).send(body);
        expect(answer.status).toBe(200);
        expect(answer.text).toContain('You are unsubscribed.');
      }
      expect(await statusOf(id)).toBe(false);
      const { history } = await call('get', `/api/v1/contacts/${id}/consents`);
      expect(history[0]).toMatchObject({ status: 'withdrawn', source: 'link', purpose: 'service' });
    },
  );

  it('that was changed is not one of ours', async () => {
    const { id, path } = await linkOf();
    const forged = `${path.slice(0, 10)}${path[10] === 'A' ? 'B' : 'A'}${path.slice(11)}`;
    expect((await service.http.post(forged)).status).toBe(404);
    expect((await service.http.get('/u/x')).status).toBe(404);
    expect(await statusOf(id)).toBe(true);
  });
});

describe('over HTTP', () => {
  it('touches of other accounts are neither shown nor reported on', async () => {
    const { id, touchId } = await planned();
    await call('put', '/api/v1/team-members/mia', { name: 'Mia', role: 'account-manager' });
    const mia = await service.key(['read', 'feedback'], { memberId: 'mia' });
    const as = mia.authorization;
    expect((await ask('get', `/api/v1/touches/${touchId}`, undefined, as)).status).toBe(404);
    expect((await ask('get', `/api/v1/touches?accountId=${id}`, undefined, as)).status).toBe(404);
    expect((await ask('get', '/api/v1/touches', undefined, as)).body.items).toEqual([]);
    const body = { status: 'sent', at: TEST_NOW.toISOString() };
    expect((await ask('post', `/api/v1/touches/${touchId}/reports`, body, as)).status).toBe(404);
  });

  it('lists page by page, by account and state, and refuses what it cannot read', async () => {
    const first = await call('get', '/api/v1/touches?limit=2&state=sent');
    expect(first.items).toHaveLength(2);
    const second = await call('get', `/api/v1/touches?limit=2&state=sent&cursor=${first.nextCursor}`);
    const ids = [...first.items, ...second.items].map(({ touchId }: { touchId: string }) => touchId);
    expect(new Set(ids).size).toBe(4);
    for (const query of ['state=lost', 'limit=0', 'cursor=x'])
      expect((await ask('get', `/api/v1/touches?${query}`)).status).toBe(422);
    expect((await ask('get', '/api/v1/touches/none')).status).toBe(404);
    const { touchId } = await planned();
    expect((await report(touchId, 'read')).status).toBe(422);
    expect((await report(touchId, 'sent', { at: '2030-01-01T00:00:00Z' })).status).toBe(422);
    expect((await report('none', 'sent')).status).toBe(404);
  });

  it('a treatment that names what does not exist is refused', async () => {
    const answer = await ask('put', '/api/v1/actions/news/treatments/wrong', {
      channelId: 'email',
      locale: null,
      title: 'News',
      body: 'Dear {contact.nmae}',
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer: '/body' }]);
  });
});
