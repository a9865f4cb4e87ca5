import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AccountId, Catalogues } from '../../src/catalogue/index.js';
import { EventLog } from '../../src/events/index.js';
import { compileOutcome, creditsOf, touchesToCredit } from '../../src/outcomes/index.js';
import { Rescoring, RescoringRuns } from '../../src/rescoring/index.js';
import { HOUR, MINUTE } from '../../src/shared/index.js';
import { SendTouches } from '../../src/workflows/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { type SmtpReceiver, startSmtp } from '../support/smtp.js';

/** Wednesday, 16:00 in Berlin: too late for a slot of this day. */
const CLICKED = new Date('2026-03-04T15:00:00Z');
const at = (time: string): Date => new Date(time);

let smtp: SmtpReceiver;
let service: TestService;
let authorization: string;
let touches: SendTouches;
let serial = 0;

const call = async (method: 'put' | 'post' | 'get', path: string, body?: object) => {
  const asked = service.http[method](path).set({ authorization });
  const answer = await (body ? asked.send(body) : asked);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};

/** A shop that follows a click up in the morning, between 9 and 11, unless the product was bought. */
async function open(): Promise<void> {
  await call('put', '/api/v1/products/P', {
    name: 'Router <9000>',
    price: 100,
    margin: 40,
    currency: 'EUR',
    topics: ['routers'],
    available: true,
  });
  await call('put', '/api/v1/channels/email', {
    name: 'E-mail',
    kind: 'email',
    performedBy: 'automatic',
    costPerTouch: 0.1,
    leadTimeHours: 0,
    consent: 'opt-in',
    hours: Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['09:00', '11:00']]]),
    ),
  });
  await call('put', '/api/v1/outcome-definitions/clicked', {
    event: 'Email Link Clicked',
    withinDays: 7,
  });
  await call('put', '/api/v1/content/page', {
    title: 'About the router',
    url: 'https://shop.test/routers?x=1',
    topics: [],
    productIds: ['P'],
    stage: 'act',
  });
  await call('put', '/api/v1/actions/remind', {
    name: 'Remind of what was looked at',
    intent: 'offer',
    purpose: 'marketing',
    productIds: ['P'],
    topics: [],
    channelIds: ['email'],
    outcomeId: 'clicked',
    value: 50,
    lever: 1,
    mandatory: false,
    eligibility: 'features.daysSinceOrder > 30.0',
  });
  await call('put', '/api/v1/actions/remind/treatments/en', {
    channelId: 'email',
    locale: 'en',
    title: 'Still thinking about {product.name}?',
    body: 'Dear {contact.name|customer},\n\nyou looked at {product.name}. More: {content.url}.',
    contentId: 'page',
  });
}

/** A small account of its own for each test. */
async function customer({ consents = true } = {}): Promise<string> {
  serial += 1;
  const id = `shopper-${serial}`;
  await call('put', `/api/v1/accounts/${id}`, {
    name: 'Kim',
    kind: 'person',
    country: 'DE',
    timeZone: 'Europe/Berlin',
    locale: 'en',
    mode: 'automated',
    attributes: {},
  });
  await call('put', `/api/v1/contacts/${id}`, { accountId: id, name: 'Kim', email: `${id}@example.test` });
  if (consents) await says(id, 'granted');
  return id;
}

const says = (contactId: string, status: 'granted' | 'withdrawn') =>
  call('post', `/api/v1/contacts/${contactId}/consents`, {
    channelId: 'email',
    purpose: 'marketing',
    status,
    source: 'contact',
  });

const happens = (contactId: string, name: string, properties: object) => {
  serial += 1;
  return call('post', '/api/v1/events', {
    events: [
      {
        messageId: `e${serial}`,
        name,
        accountId: contactId,
        contactId,
        occurredAt: service.clock.now().toISOString(),
        properties,
      },
    ],
  });
};

/** The night's decisions for everybody. */
async function night(): Promise<void> {
  const rescoring = service.app.get(Rescoring, { strict: false });
  const runs = service.app.get(RescoringRuns, { strict: false });
  const started = await rescoring.start({ startedBy: 'test', force: { reason: 'test' } });
  if (!started.ok) throw new Error(started.error.detail);
  const { runId } = started.value;
  for (const phase of ['compute', 'publish'] as const)
    for (const shard of await runs.unfinished(runId, phase)) await rescoring.work({ runId, shard, phase });
}

/** The clock walks on; the queue of touches is looked at every quarter of an hour. */
async function until(time: Date): Promise<Date[]> {
  const sent: Date[] = [];
  while (service.clock.now() < time) {
    const before = smtp.mails.length;
    service.clock.advance(15 * MINUTE);
    await touches.runDue();
    for (let mail = before; mail < smtp.mails.length; mail += 1) sent.push(service.clock.now());
  }
  return sent;
}

/** The touches that a click was credited to. */
async function creditedFor(id: string): Promise<(string | null | undefined)[]> {
  const accountId = id as AccountId;
  const log = service.app.get(EventLog, { strict: false });
  const catalogue = await service.app.get(Catalogues, { strict: false }).current();
  const events = (await log.ofAccounts([accountId])).get(accountId) ?? [];
  const outcomes = [...catalogue.outcomes.values()].map(compileOutcome);
  const credited = touchesToCredit(events, catalogue);
  return creditsOf(credited, events, [], outcomes, 'last').map(({ touch }) => credited[touch]?.touchId);
}

const mailsTo = (id: string) => smtp.mails.filter(({ to }) => to === `${id}@example.test`);

beforeAll(async () => {
  smtp = await startSmtp();
  service = await startTestService({
    now: CLICKED,
    config: {
      smtpUrl: smtp.url,
      mailFrom: 'Shop <shop@example.test>',
      publicUrl: 'https://nba.test',
      exploration: 'greedy',
    },
  });
  ({ authorization } = await service.key(['catalogue', 'ingest', 'consent', 'score', 'read', 'feedback']));
  touches = service.app.get(SendTouches, { strict: false });
  await open();
});
afterAll(async () => {
  await service.close();
  await smtp.close();
});
beforeEach(() => {
  smtp.mails.length = 0;
  service.clock.set(new Date(CLICKED.getTime() + serial * MINUTE));
});

describe('a small account clicks a product and does not buy it', () => {
  it('gets one follow-up by itself, in the right hour, with words, and a link by which to say no', async () => {
    const kim = await customer();
    await happens(kim, 'Product Viewed', { productId: 'P' });
    await night();

    const sent = await until(at('2026-03-05T22:00:00Z'));

    expect(sent).toHaveLength(1);
    expect(sent[0]?.toISOString()).toMatch(/^2026-03-05T(08|09):/); // 9 to 11 in Berlin
    const [mail] = mailsTo(kim);
    expect(mail?.headers).toContain('Subject: Still thinking about Router <9000>?');
    expect(mail?.headers).toMatch(/List-Unsubscribe: <https:\/\/nba\.test\/u\/[\w.-]+>/);
    expect(mail?.headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(mail?.raw).toContain('Dear Kim,');
    expect(mail?.raw).toContain('Router &lt;9000&gt;');
    const { items } = await call('get', `/api/v1/touches?accountId=${kim}`);
    expect(items).toMatchObject([{ state: 'sent', contactId: kim, actionId: 'remind', treatmentId: 'en' }]);
    const timeline = await call('get', `/api/v1/accounts/${kim}/timeline`);
    expect(timeline.items.filter((item: { kind: string }) => item.kind === 'touch')).toHaveLength(1);
  });

  it('is followed no further when the link is clicked, and the click is known by its touch', async () => {
    const kim = await customer();
    await happens(kim, 'Product Viewed', { productId: 'P' });
    await night();
    await until(at('2026-03-05T12:00:00Z'));
    const quoted = mailsTo(kim)[0]?.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=') ?? '';
    const link = /https:\/\/shop\.test\/routers\?x=1&touchId=([\w-]+)/.exec(quoted);
    const { items } = await call('get', `/api/v1/touches?accountId=${kim}`);
    expect(link?.[1]).toBe(items[0].touchId);

    await happens(kim, 'Email Link Clicked', { touchId: link?.[1], channel: 'email' });

    expect(await creditedFor(kim)).toEqual([items[0].touchId]);
    await night();
    expect(await until(at('2026-03-06T22:00:00Z'))).toEqual([]); // the action rests
  });

  it('gets nothing when it buys in between', async () => {
    const kim = await customer();
    await happens(kim, 'Product Viewed', { productId: 'P' });
    await night();
    service.clock.advance(HOUR);
    await happens(kim, 'Order Completed', { productId: 'P', value: 100 });

    expect(await until(at('2026-03-05T22:00:00Z'))).toEqual([]);
    expect(mailsTo(kim)).toEqual([]);
  });

  it('gets nothing without consent, and nothing once it is taken back', async () => {
    const lee = await customer({ consents: false });
    const kim = await customer();
    for (const id of [lee, kim]) await happens(id, 'Product Viewed', { productId: 'P' });
    await night();
    const { withdrawnSuggestions } = await says(kim, 'withdrawn');

    expect(withdrawnSuggestions).toHaveLength(1);
    expect(await until(at('2026-03-05T22:00:00Z'))).toEqual([]);
  });

  it('gets nothing at night, though its slot were then', async () => {
    const kim = await customer();
    await happens(kim, 'Product Viewed', { productId: 'P' });
    await night();
    // a slot of the night, as of a decision that was made before the quiet hours were declared
    await service.database.query(
      `update suggestions set slot_from = $2, slot_to = $3, expires_at = $3 where account_id = $1`,
      [kim, at('2026-03-04T21:00:00Z'), at('2026-03-04T23:00:00Z')],
    );

    expect(await until(at('2026-03-04T23:30:00Z'))).toEqual([]);
    const { items } = await call('get', `/api/v1/touches?accountId=${kim}`);
    expect(items).toMatchObject([{ state: 'cancelled', rule: 'quiet-hours' }]);
  });
});
