import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Digests } from '../../src/delivery/index.js';
import { DAY, MINUTE, SECOND } from '../../src/shared/index.js';
import { ComposeDigest } from '../../src/workflows/send-digests-content.js';
import { digestRows, sendDigests } from '../support/digests.js';
import { type DigestReaders, startDigestReaders } from '../support/digest-readers.js';

let readers: DigestReaders;
let service: DigestReaders['service'];
let smtp: DigestReaders['smtp'];
let at: DigestReaders['at'];
let task: DigestReaders['task'];
let member: DigestReaders['member'];
let only: DigestReaders['only'];

beforeAll(async () => {
  readers = await startDigestReaders();
  ({ service, smtp, at, task, member, only } = readers);
});
beforeEach(() => readers.nextMonday());
afterAll(() => readers.close());

it('one that cannot be put together holds up nobody else’s, and is tried again', async () => {
  await member('zoe', { email: 'zoe@nba.test' });
  await task('follow-up', 'Mia’s', 3);
  await task('follow-up', 'Zoe’s', 3, 'zoe');
  const compose = service.app.get(ComposeDigest, { strict: false });
  const broken = jest.spyOn(compose, 'run').mockRejectedValueOnce(new Error('broken'));
  at(1);
  expect(await sendDigests(service)).toEqual({ sent: 1, empty: 0, failed: 1 });
  expect(only().to).toBe('zoe@nba.test');
  broken.mockRestore();
  service.clock.advance(5 * MINUTE);
  expect(await sendDigests(service)).toEqual({ sent: 1, empty: 0, failed: 0 });
  expect(smtp.mails.map(({ to }) => to)).toEqual(['zoe@nba.test', 'mia@nba.test']);
  await service.database.query(`delete from team_members where member_id = 'zoe'`);
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
