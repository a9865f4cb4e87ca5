import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Invitation, Sessions, SignInLinks } from '../../src/access/index.js';
import { EventReader, eventually } from '../support/server-sent-events.js';
import { startTestService, type TestService } from '../support/service.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** As a browser sends them from a page of ours. */
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' };

let service: TestService;
let catalogue: string;
let links: SignInLinks;

beforeAll(async () => {
  service = await startTestService();
  links = service.app.get(SignInLinks, { strict: false });
  catalogue = (await service.key(['catalogue'])).authorization;
  const put = (path: string, body: object) =>
    service.http.put(`/api/v1/${path}`).set({ authorization: catalogue }).send(body).expect(200);
  await put('team-members/mia', { name: 'Mia <Weber>', role: 'account-manager', locale: 'de' });
  await put('team-members/cora', { name: 'Cora', role: 'compliance' });
  for (const accountId of ['own', 'other'])
    await put(`accounts/${accountId}`, { name: accountId, kind: 'company' });
  await put('accounts/own/team/mia', {});
});

afterAll(() => service.close());

/** Presses the button; gives the cookie as the browser sends it back. */
async function signIn(memberId: Invitation['memberId']): Promise<string> {
  const token = await links.create(memberId, 'test');
  const answer = await service.http.post('/sign-in').type('form').set(OWN_PAGE).send({ token }).expect(303);
  expect(answer.headers['location']).toBe('/');
  return cookieOf(answer.headers);
}

function cookieOf(headers: Record<string, unknown>): string {
  const [cookie = ''] = headers['set-cookie'] as string[];
  return cookie.split(';')[0] ?? '';
}

describe('a sign-in link', () => {
  it('shows a page with a button, and is not used up by being looked at', async () => {
    const token = await links.create('mia', 'test');
    for (let look = 0; look < 3; look += 1) {
      const page = await service.http.get(`/sign-in?token=${token}`).expect(200);
      expect(page.text).toContain('Sign in as Mia &#60;Weber&#62;');
      expect(page.headers['set-cookie']).toBeUndefined();
      expect(page.headers['cache-control']).toBe('no-store');
    }
    const persian = await service.http.get(`/sign-in?token=${token}`).set({ 'accept-language': 'fa-IR,fa' });
    expect(persian.text).toContain('dir="rtl"');
    const answer = await service.http.post('/sign-in').type('form').send({ token }).expect(303);
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^nba_session=session-\S+; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/),
    ]);
  });

  it('works once, also when its button is pressed many times at once', async () => {
    const token = await links.create('mia', 'test');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => service.http.post('/sign-in').type('form').send({ token })),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(9);
    await service.http.get(`/sign-in?token=${token}`).expect(410);
  });

  it('works for 15 minutes, and an unknown one never', async () => {
    const token = await links.create('mia', 'test');
    service.clock.advance(15 * MINUTE);
    await service.http.get(`/sign-in?token=${token}`).expect(410);
    await service.http.post('/sign-in').type('form').send({ token }).expect(410);
    await service.http.get('/sign-in').expect(410);
    await service.http.post('/sign-in').type('form').send({ token: 'guess' }).expect(410);
    await service.http
      .post('/sign-in')
      .type('form')
      .send({ token: 'x'.repeat(1000) })
      .expect(422);
  });

  it('cannot be used by another site in the visitor’s browser', async () => {
    const token = await links.create('mia', 'test');
    const press = (headers: Record<string, string>) =>
      service.http.post('/sign-in').type('form').set(headers).send({ token });
    await press({ 'sec-fetch-site': 'cross-site' }).expect(403);
    await press({ origin: 'https://evil.example' }).expect(403);
    await press({ origin: 'null' }).expect(403);
    await press({ origin: service.url }).expect(303);
  });

  it('is refused for somebody who is not in the team', async () => {
    await expect(links.create('nobody', 'test')).rejects.toThrow('There is no team member "nobody"');
  });
});

describe('a session', () => {
  it('acts with the role of its member and sees that member’s accounts', async () => {
    const cookie = await signIn('mia');
    const me = await service.http.get('/api/v1/session').set({ cookie }).expect(200);
    expect(me.body).toEqual({
      member: { memberId: 'mia', name: 'Mia <Weber>', timeZone: null, locale: 'de' },
      role: 'account-manager',
      scopes: ['read', 'score', 'feedback', 'consent'],
      by: 'session',
      expiresAt: expect.any(String),
    });
    await service.http.get('/api/v1/accounts/own').set({ cookie }).expect(200);
    await service.http.get('/api/v1/accounts/other').set({ cookie }).expect(404);
    await service.http.get('/api/v1/audit-entries').set({ cookie }).expect(403);
    await service.http
      .put('/api/v1/team-members/mia')
      .set({ cookie, ...OWN_PAGE })
      .send({ name: 'Mia', role: 'admin' })
      .expect(403);
    const compliance = await signIn('cora');
    await service.http.get('/api/v1/accounts/other').set({ cookie: compliance }).expect(200);
    await service.http.get('/api/v1/audit-entries').set({ cookie: compliance }).expect(200);
  });

  it('of the operator may do everything', async () => {
    const cookie = await signIn(null);
    const me = await service.http.get('/api/v1/session').set({ cookie }).expect(200);
    expect(me.body).toMatchObject({ member: null, role: 'admin', scopes: ['admin'] });
    await service.http
      .put('/api/v1/accounts/made')
      .set({ cookie, ...OWN_PAGE })
      .send({ name: 'made', kind: 'company' })
      .expect(200);
  });

  it('takes changes from pages of our own only', async () => {
    const cookie = await signIn(null);
    const put = (headers: Record<string, string>) =>
      service.http
        .put('/api/v1/accounts/made')
        .set({ cookie, ...headers })
        .send({ name: 'made', kind: 'company' });
    await put({}).expect(403);
    await put({ 'sec-fetch-site': 'cross-site' }).expect(403);
    await put({ 'sec-fetch-site': 'same-site', 'x-nba-request': 'desk' }).expect(403);
    await put({ origin: 'https://evil.example' }).expect(403);
    await put({ origin: service.url }).expect(200);
    await put({ 'x-nba-request': 'desk' }).expect(200);
    const key = (await service.key(['catalogue'])).authorization;
    await put({ authorization: key, 'sec-fetch-site': 'cross-site' }).expect(200);
  });

  it('ends when it is signed out of, with its stream', async () => {
    const cookie = await signIn('mia');
    const stream = await new EventReader(`${service.url}/api/v1/alerts/stream`, { cookie }).open();
    await service.http.delete('/api/v1/session').set({ cookie }).expect(403);
    const answer = await service.http
      .delete('/api/v1/session')
      .set({ cookie, ...OWN_PAGE })
      .expect(204);
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(/^nba_session=; .*Max-Age=0/)]);
    const refused = await service.http.get('/api/v1/session').set({ cookie }).expect(401);
    expect(refused.body.detail).toContain('sign-in-link');
    await stream.ended;
  });

  it('goes on while it is used, ends after a week without use, and after 30 days in any case', async () => {
    const idle = await signIn('mia');
    const used = await signIn('mia');
    const began = service.clock.now().getTime();
    for (let day = 6; day <= 30; day += 6) {
      service.clock.set(new Date(began + day * DAY - 1));
      await service.http.get('/api/v1/session').set({ cookie: used }).expect(200);
      if (day > 7) await service.http.get('/api/v1/session').set({ cookie: idle }).expect(401);
    }
    service.clock.set(new Date(began + 30 * DAY));
    await service.http.get('/api/v1/session').set({ cookie: used }).expect(401);
  });

  it('is not guessed, and not taken from a cookie that was altered', async () => {
    const cookie = await signIn('mia');
    const altered = cookie.slice(0, -1) + (cookie.endsWith('A') ? 'B' : 'A');
    for (const wrong of [altered, 'nba_session=', 'nba_session=%00', 'other=1', `__Host-${cookie}`])
      await service.http.get('/api/v1/session').set({ cookie: wrong }).expect(401);
    await service.http
      .get('/api/v1/session')
      .set({ cookie: `a=b; ${cookie}; c` })
      .expect(200);
  });

  it('ends when its member is removed', async () => {
    const put = service.http.put('/api/v1/team-members/temp').set({ authorization: catalogue });
    await put.send({ name: 'Temp', role: 'admin' }).expect(200);
    const cookie = await signIn('temp');
    await service.http.delete('/api/v1/team-members/temp').set({ authorization: catalogue }).expect(204);
    // a process may remember a session for two seconds
    await eventually(async () => {
      await service.http.get('/api/v1/session').set({ cookie }).expect(401);
    });
  });

  it('leaves its beginning and end in the audit trail', async () => {
    const cookie = await signIn('mia');
    await service.http
      .delete('/api/v1/session')
      .set({ cookie, ...OWN_PAGE })
      .expect(204);
    const subjectId = cookie.split('=')[1]?.split('.')[0];
    const audit = (await service.key(['audit'])).authorization;
    const trail = await service.http
      .get('/api/v1/audit-entries')
      .query({ subjectId })
      .set({ authorization: audit })
      .expect(200);
    const told = trail.body.items.map(({ action, actor }: Record<string, string>) => [action, actor]);
    expect(told).toEqual([
      ['session.ended', 'mia'],
      ['session.begun', 'mia'],
    ]);
  });

  it('has its secrets stored as hashes only', async () => {
    const cookie = await signIn('mia');
    const secret = cookie.split('.')[1] ?? '';
    const [row] = await service.database.query<{ found: string }[]>(
      `select count(*) as found from sessions s, sign_in_links l
        where s::text like '%' || $1 || '%' or l::text like '%' || $1 || '%'`,
      [secret],
    );
    expect(row?.found).toBe('0');
  });
});

describe('behind TLS', () => {
  it('the cookie is bound to the host and never sent without TLS', async () => {
    const tls = await startTestService({ config: { publicUrl: 'https://nba.example.com' } });
    try {
      const token = await tls.app.get(SignInLinks, { strict: false }).create(null, 'test');
      const answer = await tls.http
        .post('/sign-in')
        .type('form')
        .set({ origin: 'https://nba.example.com' })
        .send({ token })
        .expect(303);
      expect(answer.headers['set-cookie']).toEqual([
        expect.stringMatching(/^__Host-nba_session=\S+; Path=\/; .*HttpOnly; SameSite=Strict; Secure$/),
      ]);
      const cookie = cookieOf(answer.headers);
      await tls.http.get('/api/v1/session').set({ cookie }).expect(200);
      await tls.http
        .get('/api/v1/session')
        .set({ cookie: cookie.replace('__Host-', '') })
        .expect(401);
      await tls.http.delete('/api/v1/session').set({ cookie, origin: tls.url }).expect(403);
    } finally {
      await tls.close();
    }
  });
});

describe('the first start', () => {
  it('knows whether anybody ever signed in', async () => {
    const fresh = await startTestService();
    try {
      const sessions = fresh.app.get(Sessions, { strict: false });
      expect(await sessions.everBegun()).toBe(false);
      const token = await fresh.app.get(SignInLinks, { strict: false }).create(null, 'first-start');
      expect(await sessions.everBegun()).toBe(false);
      await fresh.http.post('/sign-in').type('form').send({ token }).expect(303);
      expect(await sessions.everBegun()).toBe(true);
    } finally {
      await fresh.close();
    }
  });
});
