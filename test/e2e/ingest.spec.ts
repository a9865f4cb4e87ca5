import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let ingest: string;
let browser: string;
let read: string;

beforeAll(async () => {
  service = await startTestService();
  ingest = (await service.key(['ingest'], { source: 'crm' })).authorization;
  browser = (await service.key(['ingest:public'], { source: 'site' })).authorization;
  read = (await service.key(['read'])).authorization;
}, 60_000);

afterAll(() => service.close());

const at = (minutes: number): string =>
  new Date(service.clock.now().getTime() + minutes * 60_000).toISOString();

function send(events: unknown, authorization = ingest) {
  return service.http.post('/api/v1/events').set('authorization', authorization).send({ events });
}

let counter = 0;
const event = (more: object = {}): object => {
  counter += 1;
  return { messageId: `e${counter}`, name: 'Content Viewed', contactId: 'ana', occurredAt: at(-5), ...more };
};

const quarantine = async (): Promise<
  { quarantineId: string; pointer: string; reason: string; tries: number; source: string }[]
> => (await service.http.get('/api/v1/events/quarantine?limit=500').set('authorization', ingest)).body.items;

describe('POST /api/v1/events', () => {
  it('takes events in, and counts a resend as duplicates', async () => {
    const events = [
      event({ properties: { topic: 'dosage' }, contactId: 'eve' }),
      event({ name: 'Question Asked', contactId: 'eve', accountId: 'clinic', occurredAt: at(-4) }),
    ];
    const first = await send(events);
    expect([first.status, first.body]).toEqual([200, { accepted: 2, duplicates: 0, quarantined: [] }]);
    const again = await send([...events, event({ contactId: 'eve' })]);
    expect(again.body).toEqual({ accepted: 1, duplicates: 2, quarantined: [] });
  });

  it('sets aside what cannot be read, says where and how to mend it, and takes the rest', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`) as object;
    const cases: [bad: unknown, pointer: string, reason: RegExp][] = [
      ['no object', '', /object/],
      [event({ messageId: undefined }), '/messageId', /required/],
      [event({ messageId: 'x'.repeat(129) }), '/messageId', /1–128/],
      [event({ name: '' }), '/name', /name of the event/],
      [event({ name: 'a\u0000b' }), '/name', /control/],
      [event({ contactId: undefined }), '', /accountId, contactId or anonymousId/],
      [event({ contactId: 'half \ud800' }), '/contactId', /text/],
      [event({ occurredAt: undefined }), '/occurredAt', /ISO 8601/],
      [event({ occurredAt: 'yesterday' }), '/occurredAt', /ISO 8601/],
      [event({ occurredAt: '2026-02-30T10:00:00Z' }), '/occurredAt', /ISO 8601/],
      [event({ occurredAt: '2026-03-01T10:00:00' }), '/occurredAt', /offset/],
      [event({ occurredAt: '1999-12-31T23:59:59Z' }), '/occurredAt', /before the year 2000/],
      [event({ occurredAt: at(25 * 60) }), '/occurredAt', /24 hours ahead/],
      [event({ properties: [] }), '/properties', /object/],
      [event({ properties: { sentiment: 3 } }), '/properties/sentiment', /−1 to 1/],
      [event({ properties: { productIds: 'p1' } }), '/properties/productIds', /list/],
      [event({ properties: { note: 'x'.repeat(40_000) } }), '', /32768/],
      [event({ properties: deep }), '', /nested/],
    ];
    const answer = await send([...cases.map(([bad]) => bad), event()]);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(answer.body.quarantined).toEqual(
      cases.map(([, pointer, reason], index) => ({ index, pointer, reason: expect.stringMatching(reason) })),
    );
    expect(await quarantine()).toHaveLength(cases.length);
  });

  it('keeps the same bad event once, however often it comes', async () => {
    const bad = event({ occurredAt: 'never' });
    await send([bad]);
    const before = await quarantine();
    await send([bad]);
    expect(await quarantine()).toHaveLength(before.length);
  });

  it.each([
    ['no body', {}],
    ['events that are no list', { events: {} }],
    ['more events than one call may have', { events: Array.from({ length: 10_001 }, () => 0) }],
  ])('refuses %s as a whole, with a pointer', async (_name, body) => {
    const answer = await service.http.post('/api/v1/events').set('authorization', ingest).send(body);
    expect([answer.status, answer.type]).toEqual([422, 'application/problem+json']);
    expect(answer.body.errors).toMatchObject([{ pointer: '/events' }]);
  });

  it('refuses callers without the scope', async () => {
    expect((await send([event()], read)).status).toBe(403);
    expect((await send([event()], 'Bearer nba_nonsense')).status).toBe(401);
  });

  it('takes behaviour from a browser, and neither its touches, nor its consent, nor another name of sender', async () => {
    const answer = await send(
      [
        event({ source: 'crm', contactId: 'bob' }),
        event({ name: 'Visit Logged' }),
        event({ name: 'Unsubscribed' }),
      ],
      browser,
    );
    expect(answer.body).toMatchObject({ accepted: 1, quarantined: [{ index: 1 }, { index: 2 }] });
    expect(
      await service.database.query(`select source, from_browser from events where contact_id = 'bob'`),
    ).toEqual([{ source: 'site', from_browser: true }]);
  });

  it('says when to come again once a key has used up its minute', async () => {
    const limited = await startTestService({ config: { ingestLimitPerMinute: 2 } });
    const { authorization } = await limited.key(['ingest']);
    const call = () =>
      limited.http.post('/api/v1/events').set('authorization', authorization).send({ events: [] });
    expect([(await call()).status, (await call()).status]).toEqual([200, 200]);
    const refused = await call();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    limited.clock.advance(60_000);
    expect((await call()).status).toBe(200);
    await limited.close();
  }, 30_000);
});

describe('the quarantine', () => {
  it('gives up what can be read once its cause is mended', async () => {
    const ahead = event({ contactId: 'late', occurredAt: at(30 * 60) });
    await send([ahead]);
    const item = (await quarantine()).find(({ reason }) => reason.includes('24 hours') && reason.length > 0);
    expect(item).toBeDefined();
    const replay = (body: object) =>
      service.http.post('/api/v1/events/quarantine/replays').set('authorization', ingest).send(body);
    service.clock.advance(10 * 3_600_000);
    const all = await replay({ all: true });
    expect(all.status).toBe(200);
    expect(all.body.accepted).toBe(2);
    expect(all.body.quarantined.length).toBe((await quarantine()).length);
    expect(await service.database.query(`select origin from events where contact_id = 'late'`)).toEqual([
      { origin: 'replay' },
    ]);
    expect((await replay({ all: true })).body.accepted).toBe(0);
    expect((await quarantine())[0]?.tries).toBeGreaterThan(1);
    expect((await replay({})).status).toBe(422);
    expect((await replay({ ids: ['no-uuid'] })).status).toBe(422);
  });

  it('is listed page by page', async () => {
    const page = await service.http.get('/api/v1/events/quarantine?limit=3').set('authorization', ingest);
    expect(page.body.items).toHaveLength(3);
    const next = await service.http
      .get(`/api/v1/events/quarantine?limit=3&cursor=${page.body.nextCursor}`)
      .set('authorization', ingest);
    const ids = [...page.body.items, ...next.body.items].map(({ quarantineId }) => quarantineId as string);
    expect(new Set(ids).size).toBe(6);
    expect((await service.http.get('/api/v1/events/quarantine').set('authorization', read)).status).toBe(403);
  });
});

describe('GET /api/v1/accounts/{accountId}/timeline', () => {
  it('tells the history newest first, page by page, with who, where and how it felt', async () => {
    await send([
      event({
        contactId: 'tim',
        name: 'Page Viewed',
        occurredAt: at(-90),
        properties: { title: 'Dosage', topic: 'dosage' },
      }),
      event({
        contactId: 'tim',
        name: 'Visit Logged',
        memberId: 'mia',
        occurredAt: at(-60),
        properties: { channel: 'visit', sentiment: 0.5, conversationId: 'c1' },
      }),
      event({ contactId: 'tim', name: 'Question Asked', occurredAt: at(-30) }),
    ]);
    const first = await service.http.get('/api/v1/accounts/tim/timeline?limit=2').set('authorization', read);
    expect(first.body.items).toMatchObject([
      { kind: 'event', title: 'Question asked', name: 'Question Asked', contactId: 'tim' },
      {
        kind: 'touch',
        title: 'Visit',
        name: 'Visit Logged',
        memberId: 'mia',
        channelId: 'visit',
        sentiment: 0.5,
        conversationId: 'c1',
      },
    ]);
    const next = await service.http
      .get(`/api/v1/accounts/tim/timeline?limit=2&cursor=${first.body.nextCursor}`)
      .set('authorization', read);
    expect(next.body).toMatchObject({
      items: [{ title: 'Page viewed: Dosage', topics: ['dosage'] }],
      nextCursor: null,
    });
  });

  it('knows no account that nobody told of', async () => {
    expect(
      (await service.http.get('/api/v1/accounts/nobody/timeline').set('authorization', read)).status,
    ).toBe(404);
  });
});
