import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let key: string;
let publicKey: string;
let counter = 0;

beforeAll(async () => {
  service = await startTestService();
  key = (await service.key(['ingest'], { source: 'site' })).raw;
  publicKey = (await service.key(['ingest:public'], { source: 'browser' })).raw;
}, 60_000);

afterAll(() => service.close());

interface Call {
  headers?: Record<string, string>;
  raw?: string | Buffer;
}

async function post(
  path: string,
  body: unknown,
  { headers = {}, raw }: Call = {},
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: { authorization: basic(`${key}:`), ...headers },
    body: raw ?? JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;
const message = (more: object = {}): Record<string, unknown> => {
  counter += 1;
  return { messageId: `s${counter}`, userId: `user-${counter}`, event: 'Content Viewed', ...more };
};
const stored = (messageId: unknown) =>
  service.database.query<
    {
      name: string;
      occurred_at: Date;
      properties: Record<string, unknown>;
      account_id: string;
      contact_id: string;
    }[]
  >('select * from events where message_id = $1', [messageId]);
const setAside = async (messageId: string): Promise<{ pointer: string; reason: string }[]> =>
  (
    await service.database.query<{ item: string | null; pointer: string; reason: string }[]>(
      'select * from event_quarantine',
    )
  ).filter(({ item }) => item?.includes(`"${messageId}"`));

describe('a Segment call', () => {
  it.each([
    ['/v1/track', {}],
    ['/v1/t', {}],
    ['/v1/page', { name: 'Home' }],
    ['/v1/p', { name: 'Home' }],
    ['/v1/screen', {}],
    ['/v1/s', {}],
    ['/v1/identify', { traits: { email: 'a@b.example' } }],
    ['/v1/i', {}],
    ['/v1/group', { groupId: 'g' }],
    ['/v1/g', { groupId: 'g' }],
    ['/v1/alias', { previousId: 'before' }],
    ['/v1/a', { previousId: 'earlier' }],
  ])('is taken at %s', async (path, more) => {
    const sent = message(more);
    expect(await post(path, sent)).toEqual({ status: 200, text: '{"success":true}' });
    expect(await setAside(String(sent['messageId']))).toEqual([]);
  });

  it.each([['/v1/batch'], ['/v1/b'], ['/beacon/v1/batch']])('is taken in a batch at %s', async (path) => {
    const sent = message({ type: 'track' });
    expect((await post(path, { batch: [sent] })).status).toBe(200);
    expect(await stored(sent['messageId'])).toHaveLength(1);
  });

  it.each([
    ['text/plain', undefined],
    ['application/x-www-form-urlencoded', 'gzip'],
    ['application/json; charset=utf-8', 'gzip'],
    ['nonsense', undefined],
  ])('is read as JSON whatever it is called: %s, %s', async (type, encoding) => {
    const sent = message({ type: 'track' });
    const text = JSON.stringify({ batch: [sent] });
    const answer = await post('/v1/batch', null, {
      raw: encoding ? gzipSync(text) : text,
      headers: { 'content-type': type, ...(encoding ? { 'content-encoding': encoding } : {}) },
    });
    expect(answer.status).toBe(200);
    expect(await stored(sent['messageId'])).toHaveLength(1);
  });

  it('lets each item have what the batch says for all', async () => {
    const sent = message({ type: 'track', context: { page: { url: 'https://a.example/x' } } });
    await post('/v1/batch', { batch: [sent], context: { groupId: 'merged-group' } });
    expect(await stored(sent['messageId'])).toMatchObject([
      { account_id: 'merged-group', properties: { url: 'https://a.example/x' } },
    ]);
  });

  it('corrects the clock of the sender', async () => {
    const sent = message({
      type: 'track',
      originalTimestamp: '2031-01-01T10:00:00Z',
      sentAt: '2031-01-01T10:05:00Z',
    });
    await post('/v1/batch', { batch: [sent] });
    const [event] = await stored(sent['messageId']);
    expect(event?.occurred_at).toEqual(new Date(service.clock.now().getTime() - 5 * 60_000));
  });

  it('counts once without a messageId too, when it says its time', async () => {
    const sent = { userId: 'no-message-id', event: 'Content Viewed', timestamp: '2026-03-01T10:00:00Z' };
    await post('/v1/track', sent);
    await post('/v1/track', { ...sent, sentAt: undefined });
    expect(
      await service.database.query(`select 1 from events where contact_id = 'no-message-id'`),
    ).toHaveLength(1);
  });
});

describe('the write key', () => {
  it.each([
    ['Basic with a colon', () => ({ authorization: basic(`${key}:`) }), {}],
    ['Basic without a colon', () => ({ authorization: basic(key) }), {}],
    ['Basic with a quoted colon', () => ({ authorization: basic(`${key}:""`) }), {}],
    ['Bearer', () => ({ authorization: `Bearer ${key}` }), {}],
  ])('is taken as %s', async (_name, headers, more) => {
    expect((await post('/v1/track', message(more), { headers: headers() })).status).toBe(200);
  });

  it('is taken from the body and from the address of a beacon', async () => {
    const inBody = await post('/v1/track', message({ writeKey: key }), { headers: { authorization: '' } });
    const inAddress = await post(
      `/beacon/v1/batch?writeKey=${key}`,
      { batch: [message({ type: 'track' })] },
      { headers: { authorization: '' } },
    );
    expect([inBody.status, inAddress.status]).toEqual([200, 200]);
  });

  it('is refused when it is wrong, missing, or for something else', async () => {
    const reading = (await service.key(['read'])).raw;
    for (const authorization of [basic('nba_wrong:'), '', `Bearer ${reading}`]) {
      expect((await post('/v1/track', message(), { headers: { authorization } })).status).toBe(401);
    }
  });

  it('of a browser takes behaviour, and sets consent and touches aside', async () => {
    const behaviour = message({ type: 'track' });
    const consent = message({ type: 'track', event: 'Unsubscribed' });
    const answer = await post(
      '/v1/batch',
      { batch: [behaviour, consent], writeKey: publicKey },
      { headers: { authorization: '' } },
    );
    expect(answer.status).toBe(200);
    expect(await stored(behaviour['messageId'])).toHaveLength(1);
    expect(await setAside(String(consent['messageId']))).toHaveLength(1);
    expect((await setAside(String(consent['messageId'])))[0]).not.toMatchObject({
      item: expect.stringContaining(publicKey),
    });
  });

  it('works from pages of other origins', async () => {
    const asked = await fetch(`${service.url}/v1/t`, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['no type', { type: undefined }, '/type'],
    ['an unknown type', { type: 'dance' }, '/type'],
    ['nobody', { type: 'track', userId: undefined }, ''],
    ['no event name', { type: 'track', event: undefined }, '/event'],
    ['no group', { type: 'group' }, '/groupId'],
    ['no former id', { type: 'alias' }, '/previousId'],
    ['an impossible time', { type: 'track', timestamp: '2026-13-01' }, '/timestamp'],
    ['a time long ago', { type: 'track', timestamp: '1970-01-01T00:00:00Z' }, '/timestamp'],
    ['too much', { type: 'track', properties: { note: 'x'.repeat(33_000) } }, ''],
    [
      'too deep',
      { type: 'track', properties: JSON.parse(`${'['.repeat(50)}1${']'.repeat(50)}`) as unknown },
      '',
    ],
  ])('is set aside, and holds up no other: %s', async (name, more, pointer) => {
    const bad = message(more);
    const good = message({ type: 'track' });
    expect((await post('/v1/batch', { batch: [bad, good] })).status).toBe(200);
    expect(await stored(good['messageId'])).toHaveLength(1);
    expect(await stored(bad['messageId'])).toHaveLength(0);
    if (name !== 'too deep') expect(await setAside(String(bad['messageId']))).toMatchObject([{ pointer }]);
  });

  it('as JSON is refused: the same again would fail again', async () => {
    expect((await post('/v1/batch', null, { raw: '{"batch": [' })).status).toBe(400);
    expect((await post('/v1/batch', null, { raw: '' })).status).toBe(400);
    expect(
      (await post('/v1/batch', null, { raw: 'not gzip', headers: { 'content-encoding': 'gzip' } })).status,
    ).toBe(400);
  });

  it('takes batches of megabytes, and stops unpacking what has no end', async () => {
    const batch = Array.from({ length: 100 }, () =>
      message({ type: 'track', properties: { note: 'x'.repeat(30_000) } }),
    );
    expect((await post('/v1/batch', { batch })).status).toBe(200);
    expect(await stored(batch[99]?.['messageId'])).toHaveLength(1);
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    expect(
      (await post('/v1/batch', null, { raw: bomb, headers: { 'content-encoding': 'gzip' } })).status,
    ).toBe(413);
  });

  it('never makes the service stumble: text that no database holds, and nesting without end', async () => {
    const odd = message({ type: 'track', properties: { a: '\u0000', b: '\ud800', __proto__: { c: 1 } } });
    expect((await post('/v1/batch', { batch: [odd] })).status).toBe(200);
    expect(await stored(odd['messageId'])).toHaveLength(1);
    const endless = `{"batch":[${'['.repeat(500_000)}${']'.repeat(500_000)}]}`;
    expect((await post('/v1/batch', null, { raw: endless })).status).toBe(200);
  });
});
