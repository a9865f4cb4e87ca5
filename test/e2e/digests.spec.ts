import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DigestLinks, Digests } from '../../src/delivery/index.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/shared/index.js';
import { plainRule, raiseDue } from '../support/alerts.js';
import { digestRows, partsOf, sendDigests } from '../support/digests.js';
import { startTestService, type TestService } from '../support/service.js';
import { type ReceivedMail, type SmtpReceiver, startSmtp } from '../support/smtp.js';
import { startTerritory, type Territory } from '../support/territory.js';

let service: TestService;
let smtp: SmtpReceiver;
let territory: Territory;
let weeks = 0;

/** Seven on a Monday morning in Berlin; no Monday until the clocks change is a holiday there. */
const MONDAY_AT_SEVEN = new Date('2026-05-25T05:00:00Z');
const MIA = { name: 'Mia', role: 'account-manager', timeZone: 'Europe/Berlin', locale: 'en' };
const member = (memberId: string, more: object = {}) =>
  territory.put(`team-members/${memberId}`, { ...MIA, name: memberId, ...more });

beforeAll(async () => {
  smtp = await startSmtp();
  service = await startTestService({
    config: { smtpUrl: smtp.url, publicUrl: 'https://nba.test', exploration: 'greedy' },
    now: MONDAY_AT_SEVEN,
  });
  territory = await startTerritory(service);
  await territory.put('team-members/mia', { ...MIA, email: 'mia@nba.test' });
  await territory.put('trigger-rules/asked', {
    ...plainRule,
    when: { event: 'Price Asked' },
    validHours: 48,
    cooldownHours: 0,
    title: { en: '{contact} asked for a price', fa: '{contact} قیمت را پرسید' },
    message: { en: '{contact}: {event} <b>now</b>', fa: '{contact}: {event}' },
  });
});
afterAll(() => Promise.all([service.close(), smtp.close()]));

/** Every test has a Monday of its own, on which Mia's list, alerts and tasks are empty. */
beforeEach(async () => {
  smtp.mails.length = 0;
  smtp.behave.clear();
  for (const table of ['digests', 'digest_settings', 'suggestions', 'alerts', 'tasks'])
    await service.database.query(`delete from ${table}`);
  service.clock.set(new Date(MONDAY_AT_SEVEN.getTime() + (weeks += 1) * 7 * DAY));
});

const at = (hours: number): void => service.clock.advance(hours * HOUR);
const task = async (kind: string, about: string, dueInHours: number, memberId = 'mia'): Promise<void> => {
  const dueAt = new Date(service.clock.now().getTime() + dueInHours * HOUR).toISOString();
  const answer = await service.http
    .post('/api/v1/tasks')
    .set({ authorization: territory.authorization })
    .send({ kind, accountId: 'clinic', memberId, about, dueAt });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
};
const team = (memberId: string, method: 'put' | 'delete') =>
  service.http[method](`/api/v1/accounts/clinic/team/${memberId}`)
    .set({ authorization: territory.authorization })
    .send({});
const only = (): ReceivedMail => {
  expect(smtp.mails).toHaveLength(1);
  const [mail] = smtp.mails;
  if (!mail) throw new Error('no mail');
  return mail;
};

/** Where pictures of it are made, for people to look at. */
function keep(name: string, html: string): void {
  const folder = process.env['NBA_SCREENSHOTS'];
  if (folder) writeFileSync(`${folder}/${name}.html`, html);
}

describe('the digest of an account manager', () => {
  it('tells at eight of her morning what the desk would show her, with reasons, in two forms', async () => {
    await territory.event('Content Viewed', { topic: 'dosage', channel: 'web' });
    await territory.event('Question Asked', { topic: 'dosage', text: 'How often?' });
    await territory.recommend({ limit: 10 });
    await territory.event('Price Asked');
    await raiseDue(service);
    await task('follow-up', 'Send the <study>', 3);
    await task('follow-up', 'Next month', 24 * 30);
    await task('promise', 'Call back about prices', 24 * 4);
    expect(await sendDigests(service)).toEqual({ sent: 0, empty: 0, failed: 0 });
    at(1);
    expect(await sendDigests(service)).toEqual({ sent: 1, empty: 0, failed: 0 });
    const { to, headers, raw } = only();
    const { subject, text, html } = partsOf(raw);
    keep('digest-en', html);
    expect(to).toBe('mia@nba.test');
    expect(subject).toMatch(/^Today: 1 alert, \d suggestions?, 1 task, 1 promise$/);
    expect(headers).toMatch(/List-Unsubscribe: ?<https:\/\/nba\.test\/digest-off\/[\w.-]+>/);
    expect(headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    for (const part of [text, html]) {
      for (const said of [
        'Hello Mia',
        'Dr. Jones asked for a price',
        'Visit Dr. Jones',
        'dosing',
        'Call back about prices',
      ])
        expect(part).toContain(said);
      expect(part).not.toContain('Next month');
      expect(part).toContain('https://nba.test/settings');
    }
    expect(text).toContain('Send the <study>');
    expect(html).toContain('Send the &lt;study&gt;');
    expect(html).toContain('&lt;b&gt;now&lt;/b&gt;');
    expect(html).not.toMatch(/<(script|img|link|style)\b/);
    expect(await digestRows(service)).toMatchObject([
      {
        member_id: 'mia',
        state: 'sent',
        attempts: ['accepted'],
        entries: { alerts: 1, tasks: 1, promises: 1 },
      },
    ]);
  });

  it('comes once, however often and by however many it is looked for, and after a restart', async () => {
    await task('follow-up', 'Once', 3);
    at(1);
    const other = await startTestService({ beside: service, config: { smtpUrl: smtp.url } });
    await Promise.all([sendDigests(service), sendDigests(other), sendDigests(service), sendDigests(other)]);
    await other.close();
    at(3);
    await sendDigests(service);
    expect(smtp.mails).toHaveLength(1);
    at(21);
    await sendDigests(service);
    expect(smtp.mails.map(({ headers }) => /^Message-ID: .*$/im.exec(headers)?.[0])).toHaveLength(2);
    expect(new Set(smtp.mails.map(({ headers }) => /^Message-ID: .*$/im.exec(headers)?.[0])).size).toBe(2);
  });

  it('is not sent when there is nothing to say, and not made up for later that day', async () => {
    at(1);
    expect(await sendDigests(service)).toEqual({ sent: 0, empty: 1, failed: 0 });
    await task('follow-up', 'Too late', 3);
    at(1);
    await sendDigests(service);
    expect(smtp.mails).toEqual([]);
    expect(await digestRows(service)).toMatchObject([{ state: 'empty', attempts: [] }]);
  });

  it('is in Persian from right to left, in her own hour, on a working day of her own', async () => {
    await member('sara', { email: 'sara@nba.test', timeZone: 'Asia/Tehran', locale: 'fa-IR', name: 'سارا' });
    await territory.put('accounts/clinic/team/sara', {});
    await team('mia', 'delete');
    await territory.event('Content Viewed', { topic: 'dosage', channel: 'web' });
    await territory.recommend({ limit: 10 });
    await territory.event('Price Asked');
    await raiseDue(service);
    await task('promise', 'فرستادن مقاله', 3, 'sara');
    service.clock.advance(-31 * MINUTE); // 07:59 there
    await sendDigests(service);
    expect(smtp.mails).toEqual([]);
    service.clock.advance(MINUTE);
    await sendDigests(service);
    const { to, raw, headers } = only();
    const { subject, text, html } = partsOf(raw);
    keep('digest-fa', html);
    expect(to).toBe('sara@nba.test');
    expect(headers).toContain('Content-Language: fa');
    expect(subject).toMatch(/^امروز: ۱ هشدار، .*۱ قول$/);
    expect(html).toContain('<html lang="fa" dir="rtl">');
    for (const part of [text, html]) expect(part).toContain('سلام سارا');
    expect(text).toMatch(/[۰-۹]/);
    expect(text).toContain('ملاقات با Dr. Jones');
    await team('mia', 'put');
    await team('sara', 'delete');
    await service.database.query(`delete from team_members where member_id = 'sara'`);
  });

  it('says nothing that she may not see, and nothing that a colleague does', async () => {
    await territory.put('contact-rules/wall', {
      kind: 'firewall',
      topics: ['side-effects'],
      hideFrom: ['account-manager'],
    });
    await territory.put('accounts/foreign', { name: 'SECRET', kind: 'company' });
    await territory.event('Question Asked', { topic: 'side-effects', text: 'SECRET question' });
    await territory.recommend({ limit: 10, context: { topic: 'side-effects' } });
    await task('follow-up', 'SECRET of Leo', 3, 'leo');
    await task('follow-up', 'Hers', 3);
    at(1);
    await sendDigests(service);
    const { text, html } = partsOf(only().raw);
    for (const part of [text, html]) {
      expect(part).toContain('Hers');
      expect(part).not.toContain('SECRET');
      expect(part).not.toContain('answer-safety');
      expect(part).not.toContain('side effects');
    }
    await service.http.delete('/api/v1/contact-rules/wall').set({ authorization: territory.authorization });
  });

  it('holds back suggestions that were refused since they were made', async () => {
    await territory.recommend({ limit: 10 });
    await service.http
      .post('/api/v1/contacts/jones/consents')
      .set({ authorization: territory.authorization })
      .send({ channelId: '*', purpose: '*', status: 'withdrawn', source: 'contact' })
      .expect(201);
    await task('follow-up', 'Still there', 3);
    at(1);
    await sendDigests(service);
    expect(partsOf(only().raw).text).not.toContain('Dr. Jones');
  });
});

describe('a mail server', () => {
  beforeEach(async () => {
    await task('follow-up', 'Something', 6);
    at(1);
  });

  it('that refuses for now is asked again, a few times', async () => {
    smtp.behave.set('mia@nba.test', { refuse: 'recipient', code: 451 });
    expect(await sendDigests(service)).toEqual({ sent: 0, empty: 0, failed: 1 });
    service.clock.advance(59 * SECOND);
    expect(await sendDigests(service)).toEqual({ sent: 0, empty: 0, failed: 0 });
    smtp.behave.clear();
    service.clock.advance(SECOND);
    expect(await sendDigests(service)).toEqual({ sent: 1, empty: 0, failed: 0 });
    expect(await digestRows(service)).toMatchObject([{ state: 'sent', attempts: ['refused', 'accepted'] }]);
  });

  it('that refuses for good is not asked again, and the reader is told in the desk', async () => {
    smtp.behave.set('mia@nba.test', { refuse: 'recipient', code: 550 });
    await sendDigests(service);
    at(1);
    await sendDigests(service);
    expect(await digestRows(service)).toMatchObject([{ state: 'failed', attempts: ['refused'] }]);
    const { authorization } = await service.key(['read'], { memberId: 'mia' });
    const { body } = await service.http.get('/api/v1/digest-setting').set({ authorization }).expect(200);
    expect(body.last).toMatchObject({ state: 'failed', because: expect.stringContaining('550') });
  });

  it('that breaks off may have taken it: it is not sent twice', async () => {
    smtp.behave.set('mia@nba.test', 'break');
    await sendDigests(service);
    smtp.behave.clear();
    at(1);
    await sendDigests(service);
    expect(smtp.mails).toHaveLength(1);
    expect(await digestRows(service)).toMatchObject([{ state: 'unknown', attempts: ['uncertain'] }]);
  });
});

describe('whoever dies', () => {
  const take = async () => {
    const digests = service.app.get(Digests, { strict: false });
    const now = service.clock.now();
    const period = { period: 'd2026-01-01', dueAt: now, until: new Date(now.getTime() + DAY), nextAt: now };
    await digests.note([{ ...period, memberId: 'mia' as never }], now);
    const [taken] = await digests.take(now, new Date(now.getTime() + 10 * MINUTE), 'the dead', 1);
    if (!taken) throw new Error('nothing to take');
    return { digests, taken };
  };
  const none = { suggestions: 0, alerts: 0, tasks: 1, promises: 0 };

  it('while composing, leaves it to another', async () => {
    await task('follow-up', 'Something', 0.5);
    const { digests, taken } = await take();
    service.clock.advance(9 * MINUTE);
    await sendDigests(service);
    expect(smtp.mails).toEqual([]);
    service.clock.advance(MINUTE);
    await sendDigests(service);
    expect(smtp.mails).toHaveLength(1);
    expect(await digests.begin(taken, none, service.clock.now())).toBe(false);
  });

  it('after it may have left, leaves it unknown for good', async () => {
    await task('follow-up', 'Something', 6);
    const { digests, taken } = await take();
    expect(await digests.begin(taken, none, service.clock.now())).toBe(true);
    service.clock.advance(11 * MINUTE);
    await sendDigests(service);
    await sendDigests(service);
    expect(smtp.mails).toEqual([]);
    expect(await digestRows(service)).toMatchObject([{ state: 'unknown', attempts: [null] }]);
  });
});

describe('the setting', () => {
  const path = '/api/v1/digest-setting';
  const as = async (memberId: string) => (await service.key(['read'], { memberId })).authorization;
  const get = async (memberId: string) =>
    (
      await service.http
        .get(path)
        .set({ authorization: await as(memberId) })
        .expect(200)
    ).body;
  const put = async (memberId: string, body: object) =>
    service.http
      .put(path)
      .set({ authorization: await as(memberId) })
      .send(body);

  it('is daily at eight for account managers, and off for everybody else, until they say otherwise', async () => {
    expect(await get('mia')).toEqual({
      cadence: 'daily',
      hour: 8,
      byDefault: true,
      timeZone: 'Europe/Berlin',
      country: 'DE',
      email: 'mia@nba.test',
      nextAt: new Date(service.clock.now().getTime() + HOUR).toISOString(),
      last: null,
    });
    expect(await get('leo')).toMatchObject({ cadence: 'off', byDefault: true, email: null, nextAt: null });
  });

  it('is changed by the member, and holds from the next digest on', async () => {
    at(2);
    expect((await put('mia', { cadence: 'weekly', hour: 6 })).body).toMatchObject({
      cadence: 'weekly',
      hour: 6,
      byDefault: false,
      nextAt: new Date(service.clock.now().getTime() + 7 * DAY - 3 * HOUR).toISOString(),
    });
    await task('follow-up', 'This week', 24 * 10);
    await sendDigests(service);
    expect(smtp.mails).toEqual([]);
    at(7 * 24 - 3);
    await sendDigests(service);
    expect(partsOf(only().raw).subject).toBe('This week: 1 task');
    expect((await put('mia', { cadence: 'off' })).body).toMatchObject({
      cadence: 'off',
      hour: 6,
      nextAt: null,
    });
  });

  it.each([
    ['/cadence', {}],
    ['/cadence', { cadence: 'hourly' }],
    ['/hour', { cadence: 'daily', hour: 24 }],
    ['/hour', { cadence: 'daily', hour: 7.5 }],
    ['/memberId', { cadence: 'daily', memberId: 'leo' }],
  ])('is refused at %s when it is none', async (pointer, body) => {
    const answer = await put('mia', body);
    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.body.errors).toMatchObject([{ pointer }]);
  });

  it('belongs to a member: a key of nobody has none', async () => {
    const { authorization } = await service.key(['read']);
    await service.http.get(path).set({ authorization }).expect(403);
    await service.http.put(path).set({ authorization }).send({ cadence: 'off' }).expect(403);
  });

  it('is switched off by one click in the mail, and not by looking at the link', async () => {
    await task('follow-up', 'Something', 6);
    at(1);
    await sendDigests(service);
    const [, url = ''] = /List-Unsubscribe: ?<([^>]+)>/.exec(only().headers) ?? [];
    const link = new URL(url).pathname;
    const shown = await service.http.get(link).expect(200);
    expect(shown.headers['content-security-policy']).toMatch(/^default-src 'none'/);
    expect(shown.text).toContain('<button>Switch it off</button>');
    expect(await get('mia')).toMatchObject({ cadence: 'daily' });
    for (const body of ['List-Unsubscribe=One-Click', ''])
      await service.http
        .post(link)
        .set('content-type', 'application/x-www-form-urlencoded')
        .send(body)
        .expect(200);
    expect(await get('mia')).toMatchObject({ cadence: 'off', byDefault: false });
    at(24);
    await task('follow-up', 'Something else', 6);
    await sendDigests(service);
    expect(smtp.mails).toHaveLength(1);
  });

  it('is not switched off by a link that we did not make', async () => {
    const links = new DigestLinks('https://nba.test', 'another key of 32 characters or more');
    const forged = new URL(links.offUrl({ memberId: 'mia' as never, period: 'd' })).pathname;
    for (const path of [forged, '/digest-off/x', '/digest-off/x.y', `${forged}.z`])
      await service.http.post(path).expect(404);
    expect(await get('mia')).toMatchObject({ cadence: 'daily' });
  });
});
