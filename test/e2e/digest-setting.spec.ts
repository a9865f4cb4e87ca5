import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DigestLinks } from '../../src/delivery/index.js';
import { DAY, HOUR } from '../../src/shared/index.js';
import { partsOf, sendDigests } from '../support/digests.js';
import { type DigestReaders, startDigestReaders } from '../support/digest-readers.js';

let readers: DigestReaders;
let service: DigestReaders['service'];
let smtp: DigestReaders['smtp'];
let at: DigestReaders['at'];
let task: DigestReaders['task'];
let only: DigestReaders['only'];

beforeAll(async () => {
  readers = await startDigestReaders();
  ({ service, smtp, at, task, only } = readers);
});
beforeEach(() => readers.nextMonday());
afterAll(() => readers.close());

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
