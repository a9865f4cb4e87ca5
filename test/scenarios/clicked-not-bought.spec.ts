import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AccountId, Catalogues } from '../../src/catalogue/index.js';
import { EventLog } from '../../src/events/index.js';
import { compileOutcome, creditsOf, touchesToCredit } from '../../src/outcomes/index.js';
import { Rescoring, RescoringRuns } from '../../src/rescoring/index.js';
import { HOUR, MINUTE } from '../../src/shared/index.js';
import { type Mailroom, startMailroom } from '../support/mailroom.js';

/** Wednesday, 16:00 in Berlin: too late for a slot of this day. */
const CLICKED = new Date('2026-03-04T15:00:00Z');
const at = (time: string): Date => new Date(time);

let room: Mailroom;
let told = 0;

/** A shop that follows a click up in the morning, between 9 and 11, unless the product was bought. */
async function open(): Promise<void> {
  await room.call('put', 'products/P', {
    name: 'Router <9000>',
    price: 100,
    margin: 40,
    currency: 'EUR',
    topics: ['routers'],
    available: true,
  });
  await room.call('put', 'channels/email', {
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
  await room.call('put', 'outcome-definitions/clicked', {
    event: 'Email Link Clicked',
    withinDays: 7,
  });
  await room.call('put', 'content/page', {
    title: 'About the router',
    url: 'https://shop.test/routers?x=1',
    topics: [],
    productIds: ['P'],
    stage: 'act',
  });
  await room.call('put', 'actions/remind', {
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
  await room.call('put', 'actions/remind/treatments/en', {
    channelId: 'email',
    locale: 'en',
    title: 'Still thinking about {product.name}?',
    body: 'Dear {contact.name|customer},\n\nyou looked at {product.name}. More: {content.url}.',
    contentId: 'page',
  });
}

/** A small account of its own for each test. */
async function customer({ consents = true } = {}): Promise<string> {
  const id = await room.person({}, { locale: 'en' });
  if (consents) await room.says(id, 'granted');
  return id;
}

const happens = (contactId: string, name: string, properties: object) => {
  told += 1;
  return room.call('post', 'events', {
    events: [
      {
        messageId: `e${told}`,
        name,
        accountId: contactId,
        contactId,
        occurredAt: room.service.clock.now().toISOString(),
        properties,
      },
    ],
  });
};

/** The night's decisions for everybody. */
async function night(): Promise<void> {
  const rescoring = room.service.app.get(Rescoring, { strict: false });
  const runs = room.service.app.get(RescoringRuns, { strict: false });
  const started = await rescoring.start({ startedBy: 'test', force: { reason: 'test' } });
  if (!started.ok) throw new Error(started.error.detail);
  const { runId } = started.value;
  for (const phase of ['compute', 'publish'] as const)
    for (const shard of await runs.unfinished(runId, phase)) await rescoring.work({ runId, shard, phase });
}

/** The clock walks on; the queue of touches is looked at every quarter of an hour. */
async function until(time: Date): Promise<Date[]> {
  const sent: Date[] = [];
  while (room.service.clock.now() < time) {
    const before = room.smtp.mails.length;
    room.service.clock.advance(15 * MINUTE);
    await room.runTouches();
    for (let mail = before; mail < room.smtp.mails.length; mail += 1) sent.push(room.service.clock.now());
  }
  return sent;
}

/** The touches that a click was credited to. */
async function creditedFor(id: string): Promise<(string | null | undefined)[]> {
  const accountId = id as AccountId;
  const log = room.service.app.get(EventLog, { strict: false });
  const catalogue = await room.service.app.get(Catalogues, { strict: false }).current();
  const events = (await log.ofAccounts([accountId])).get(accountId) ?? [];
  const outcomes = [...catalogue.outcomes.values()].map(compileOutcome);
  const credited = touchesToCredit(events, catalogue);
  return creditsOf(credited, events, [], outcomes, 'last').map(({ touch }) => credited[touch]?.touchId);
}

beforeAll(async () => {
  room = await startMailroom({
    now: CLICKED,
    config: { mailFrom: 'Shop <shop@example.test>', exploration: 'greedy' },
  });
  await open();
});
afterAll(() => room?.close());
beforeEach(() => {
  room.smtp.mails.length = 0;
  room.service.clock.set(new Date(CLICKED.getTime() + told * MINUTE));
});

describe('a small account clicks a product and does not buy it', () => {
  it('gets one follow-up by itself, in the right hour, with words, and a link by which to say no', async () => {
    const kim = await customer();
    await happens(kim, 'Product Viewed', { productId: 'P' });
    await night();

    const sent = await until(at('2026-03-05T22:00:00Z'));

    expect(sent).toHaveLength(1);
    expect(sent[0]?.toISOString()).toMatch(/^2026-03-05T(08|09):/); // 9 to 11 in Berlin
    const [mail] = room.mailsTo(kim);
    expect(mail?.headers).toContain('Subject: Still thinking about Router <9000>?');
    expect(mail?.headers).toMatch(/List-Unsubscribe: <https:\/\/nba\.test\/u\/[\w.-]+>/);
    expect(mail?.headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(mail?.raw).toContain('Dear Kim,');
    expect(mail?.raw).toContain('Router &lt;9000&gt;');
    const { items } = await room.call('get', `touches?accountId=${kim}`);
    expect(items).toMatchObject([{ state: 'sent', contactId: kim, actionId: 'remind', treatmentId: 'en' }]);
    const timeline = await room.call('get', `accounts/${kim}/timeline`);
    expect(timeline.items.filter((item: { kind: string }) => item.kind === 'touch')).toHaveLength(1);
  });

  it('is followed no further when the link is clicked, and the click is known by its touch', async () => {
    const kim = await customer();
    await happens(kim, 'Product Viewed', { productId: 'P' });
    await night();
    await until(at('2026-03-05T12:00:00Z'));
    const quoted = room.mailsTo(kim)[0]?.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=') ?? '';
    const link = /https:\/\/shop\.test\/routers\?x=1&touchId=([\w-]+)/.exec(quoted);
    const { items } = await room.call('get', `touches?accountId=${kim}`);
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
    room.service.clock.advance(HOUR);
    await happens(kim, 'Order Completed', { productId: 'P', value: 100 });

    expect(await until(at('2026-03-05T22:00:00Z'))).toEqual([]);
    expect(room.mailsTo(kim)).toEqual([]);
  });

  it('gets nothing without consent, and nothing once it is taken back', async () => {
    const lee = await customer({ consents: false });
    const kim = await customer();
    for (const id of [lee, kim]) await happens(id, 'Product Viewed', { productId: 'P' });
    await night();
    const { withdrawnSuggestions } = await room.says(kim, 'withdrawn');

    expect(withdrawnSuggestions).toHaveLength(1);
    expect(await until(at('2026-03-05T22:00:00Z'))).toEqual([]);
  });

  it('gets nothing at night, though its slot were then', async () => {
    const kim = await customer();
    await happens(kim, 'Product Viewed', { productId: 'P' });
    await night();
    // a slot of the night, as of a decision that was made before the quiet hours were declared
    await room.service.database.query(
      `update suggestions set slot_from = $2, slot_to = $3, expires_at = $3 where account_id = $1`,
      [kim, at('2026-03-04T21:00:00Z'), at('2026-03-04T23:00:00Z')],
    );

    expect(await until(at('2026-03-04T23:30:00Z'))).toEqual([]);
    const { items } = await room.call('get', `touches?accountId=${kim}`);
    expect(items).toMatchObject([{ state: 'cancelled', rule: 'quiet-hours' }]);
  });
});
