import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { startTestService, type TestService } from '../support/service.js';

interface Passed {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  status: number;
}

let service: TestService;
let writeKey: string;
/** Between the SDK and the service; answers 500 after having passed the call on, as often as asked. */
let proxy: Server;
let host: string;
let passed: Passed[] = [];
let lostAnswers = 0;
let whenLost: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  service = await startTestService();
  writeKey = (await service.key(['ingest'], { source: 'site' })).raw;
  proxy = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void pass(request.url ?? '', request.headers, Buffer.concat(chunks)).then((answer) => {
        response.writeHead(answer.status).end(answer.text);
      });
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}, 60_000);

afterAll(async () => {
  proxy.close();
  await service.close();
});

beforeEach(() => {
  passed = [];
  lostAnswers = 0;
  whenLost = () => Promise.resolve();
});

async function pass(
  path: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<{ status: number; text: string }> {
  const { host: _, connection: __, 'transfer-encoding': ___, 'content-length': ____, ...rest } = headers;
  const answer = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: rest as Record<string, string>,
    body,
  });
  const text = await answer.text();
  passed.push({ path, headers, body, status: answer.status });
  if (lostAnswers === 0) return { status: answer.status, text };
  lostAnswers -= 1;
  await whenLost();
  return { status: 500, text: 'the answer got lost' };
}

const query = <Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> =>
  service.database.query<Row[]>(sql, parameters);

/** Everything that ingestion writes, by person. */
async function stored(): Promise<unknown> {
  return {
    events: await query(
      'select account_id, contact_id, name, properties, origin from events order by event_id',
    ),
    contacts: await query('select account_id, contact_id, name, email from contacts order by contact_id'),
    accounts: await query('select account_id, name from accounts order by account_id'),
    states: await query(
      `select account_id, encode(state, 'hex') as state, policy_epoch from account_state order by account_id`,
    ),
    links: await query('select anonymous_id, contact_id from anonymous_links order by anonymous_id'),
    quarantine: await query('select quarantine_id from event_quarantine'),
  };
}

/** The captured calls once more, byte for byte. */
async function replay(): Promise<number[]> {
  const answers = await Promise.all(
    passed.map(({ path, headers, body }) => {
      const { host: _, connection: __, 'transfer-encoding': ___, 'content-length': ____, ...rest } = headers;
      return fetch(`${service.url}${path}`, {
        method: 'POST',
        headers: rest as Record<string, string>,
        body,
      });
    }),
  );
  return answers.map(({ status }) => status);
}

interface Sdk {
  name: string;
  /** Prefix of the ids, so that the SDKs do not meet. */
  own: string;
  identify(message: { userId: string; anonymousId?: string; traits: object }): void;
  track(message: { userId?: string; anonymousId?: string; event: string; properties?: object }): void;
  page(message: { anonymousId: string; name: string; properties: object }): void;
  group(message: { userId: string; groupId: string; traits: object }): void;
  alias(message: { userId: string; previousId: string }): void;
  finish(): Promise<void>;
}

function segment(): Sdk {
  const analytics = new Analytics({ writeKey, host, flushAt: 20, flushInterval: 100, maxRetries: 5 });
  const failures: unknown[] = [];
  analytics.on('error', (failure) => failures.push(failure));
  return {
    name: '@segment/analytics-node',
    own: 'sg',
    identify: (message) => analytics.identify(message as never),
    track: (message) => analytics.track(message as never),
    page: (message) => analytics.page(message as never),
    group: (message) => analytics.group(message as never),
    alias: (message) => analytics.alias(message as never),
    finish: async () => {
      await analytics.closeAndFlush({ timeout: 20_000 });
      expect(failures).toEqual([]);
    },
  };
}

function rudderstack(): Sdk {
  const failures: unknown[] = [];
  const analytics = new RudderAnalytics(writeKey, {
    dataPlaneUrl: host,
    flushAt: 20,
    flushInterval: 100,
    logLevel: 'silent',
    errorHandler: (failure: unknown) => failures.push(failure),
  } as never);
  return {
    name: '@rudderstack/rudder-sdk-node',
    own: 'rs',
    identify: (message) => void analytics.identify(message as never),
    track: (message) => void analytics.track(message as never),
    page: (message) => void analytics.page(message as never),
    group: (message) => void analytics.group(message as never),
    alias: (message) => void analytics.alias(message as never),
    finish: async () => {
      await analytics.flush();
      expect(failures).toEqual([]);
    },
  };
}

describe.each([
  ['@segment/analytics-node', segment],
  ['@rudderstack/rudder-sdk-node', rudderstack],
])('the real %s', (_name, start) => {
  it('delivers identify, track, group, page and alias; the same sent again changes nothing', async () => {
    const sdk = start();
    const { own } = sdk;
    sdk.page({
      anonymousId: `${own}-visitor`,
      name: 'Pricing',
      properties: { url: 'https://a.example/pricing', category: 'prices' },
    });
    sdk.track({ anonymousId: `${own}-old`, event: 'Product Viewed', properties: { product_id: 'p1' } });
    sdk.identify({
      userId: `${own}-ana`,
      anonymousId: `${own}-visitor`,
      traits: { email: 'ana@clinic.example', firstName: 'Ana' },
    });
    sdk.alias({ userId: `${own}-ana`, previousId: `${own}-old` });
    sdk.group({ userId: `${own}-ana`, groupId: `${own}-clinic`, traits: { name: 'Clinic' } });
    sdk.track({
      userId: `${own}-ana`,
      event: 'Order Completed',
      properties: { revenue: 40, products: [{ product_id: 'p1' }, { product_id: 'p2' }] },
    });
    await sdk.finish();

    expect(new Set(passed.map(({ status }) => status))).toEqual(new Set([200]));
    const events = await query<{ name: string; contact_id: string; properties: object }>(
      'select name, contact_id, properties from events where account_id = $1 order by name',
      [`${own}-clinic`],
    );
    expect(events).toMatchObject([
      {
        name: 'Order Completed',
        contact_id: `${own}-ana`,
        properties: { value: 40, productIds: ['p1', 'p2'] },
      },
      { name: 'Page Viewed', contact_id: `${own}-ana`, properties: { topic: 'prices', name: 'Pricing' } },
      { name: 'Product Viewed', contact_id: `${own}-ana`, properties: { productId: 'p1' } },
    ]);
    expect(await query('select name, email from contacts where contact_id = $1', [`${own}-ana`])).toEqual([
      { name: 'Ana', email: 'ana@clinic.example' },
    ]);
    expect(await query('select name from accounts where account_id = $1', [`${own}-clinic`])).toEqual([
      { name: 'Clinic' },
    ]);

    const before = await stored();
    expect(new Set(await replay())).toEqual(new Set([200]));
    expect(await stored()).toEqual(before);
  }, 40_000);

  it('sends again when the answer was lost, and what was stored is not stored twice', async () => {
    const sdk = start();
    lostAnswers = 1;
    sdk.track({ userId: `${sdk.own}-bob`, event: 'Content Viewed' });
    await sdk.finish();
    expect(passed.length).toBeGreaterThanOrEqual(2);
    expect(await query('select name from events where contact_id = $1', [`${sdk.own}-bob`])).toEqual([
      { name: 'Content Viewed' },
    ]);
  }, 40_000);

  it('sends again after the person went to another account, and nothing moves or doubles', async () => {
    const sdk = start();
    const contactId = `${sdk.own}-eve`;
    let between: unknown;
    lostAnswers = 1;
    whenLost = async () => {
      const { authorization } = await service.key(['catalogue']);
      const put = (path: string, body: object) =>
        service.http.put(`/api/v1/${path}`).set('authorization', authorization).send(body);
      await put(`accounts/${sdk.own}-hospital`, { name: 'Hospital', kind: 'company' });
      const moved = await put(`contacts/${contactId}`, { accountId: `${sdk.own}-hospital`, name: 'Eve' });
      expect(moved.status).toBeLessThan(300);
      between = await stored();
    };
    sdk.track({ userId: contactId, event: 'Content Viewed' });
    await sdk.finish();
    expect(passed.length).toBeGreaterThanOrEqual(2);
    expect(await query('select account_id from events where contact_id = $1', [contactId])).toEqual([
      { account_id: `${sdk.own}-hospital` },
    ]);
    expect(await stored()).toEqual(between);
  }, 40_000);
});
