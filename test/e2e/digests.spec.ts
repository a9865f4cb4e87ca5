import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { MINUTE } from '../../src/shared/index.js';
import { raiseDue } from '../support/alerts.js';
import { digestRows, partsOf, sendDigests } from '../support/digests.js';
import { startTestService } from '../support/service.js';
import { type DigestReaders, startDigestReaders } from '../support/digest-readers.js';

let readers: DigestReaders;
let service: DigestReaders['service'];
let smtp: DigestReaders['smtp'];
let territory: DigestReaders['territory'];
let at: DigestReaders['at'];
let task: DigestReaders['task'];
let member: DigestReaders['member'];
let team: DigestReaders['team'];
let only: DigestReaders['only'];

beforeAll(async () => {
  readers = await startDigestReaders();
  ({ service, smtp, territory, at, task, member, team, only } = readers);
});
beforeEach(() => readers.nextMonday());
afterAll(() => readers.close());

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
