import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AuditChain } from '../../src/access/index.js';
import { OutboxRelay } from '../../src/delivery/index.js';
import { plainRule, raiseDue } from '../support/alerts.js';
import { addFlatModel } from '../support/flat-model.js';
import { startDrJones } from '../support/dr-jones.js';
import { startTestService, type TestService } from '../support/service.js';
import type { Territory } from '../support/territory.js';

/** Stands in everything that only she could have said or be called. */
const MARK = 'zyxwv';
const PATIENCE_MILLISECONDS = 20_000;
/** Rows that are hers say this id; so does no other word of the test. */
const HER = 'jones';

let service: TestService;
let territory: Territory;
let authorization: string;

const call = (method: 'post' | 'put' | 'get', path: string, body?: object) =>
  service.http[method](`/api/v1/${path}`).set({ authorization }).send(body);
const made = async (path: string, body: object): Promise<Record<string, unknown>> => {
  const answer = await call('post', path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as Record<string, unknown>;
};

/** All that the product can come to hold of a person, by its own routes. */
beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy', webhookAllowPrivate: true } });
  territory = await startDrJones(service);
  ({ authorization } = await service.key(['admin']));
  await call('put', 'webhook-endpoints/crm', {
    url: 'http://127.0.0.1:9/hooks',
    eventTypes: ['alert.raised', 'suggestion.created', 'consent.changed', 'task.created', 'touch.requested'],
    description: 'CRM',
  }).expect(200);
  await territory.put('contacts/jones', {
    accountId: 'clinic',
    name: `Dr. ${MARK}`,
    email: `${MARK}@example.test`,
    phone: '+49 30 1',
  });
  await territory.put('trigger-rules/price', { ...plainRule, when: { event: 'Price Asked' } });
  await territory.put('trigger-rules/later', {
    ...plainRule,
    when: { event: 'Price Asked' },
    unless: { event: 'Quote Given', withinHours: 20, looks: 'ahead' },
  });
  await territory.event('Price Asked', { topic: 'efficacy', note: MARK });
  await territory.event('Quote Given', { productId: 'P', price: 90 });
  await territory.event('Conversation Opened', { conversationId: `about-${MARK}` });
  await territory.event('Promise Made', { what: `send ${MARK} the study`, dueAt: '2026-03-09' });
  await territory.event(
    'Page Viewed',
    { topic: 'efficacy' },
    { contactId: undefined, anonymousId: 'cookie-1' },
  );
  await raiseDue(service);
  const model = await addFlatModel(service, { logit: 0 });
  await call('put', `models/${model}/shadow`).expect(200);
  const { suggestions } = await territory.recommend({ limit: 10, fresh: true });
  const [first] = suggestions;
  await made(`suggestions/${first?.suggestionId}/responses`, { kind: 'accepted', note: `says ${MARK}` });
  await made('visits', {
    contactId: HER,
    memberId: 'mia',
    at: service.clock.now().toISOString(),
    channelId: 'visit',
    note: `${MARK} dislikes mail`,
    topics: ['dosage'],
    requests: [{ role: 'medical-liaison', about: `call ${MARK}` }],
    consents: [
      { channelId: 'email', purpose: 'marketing', status: 'withdrawn', source: 'contact', wording: MARK },
    ],
  });
  await made('outcomes', {
    outcomeRef: 'order-1',
    outcomeId: 'reply',
    accountId: 'clinic',
    contactId: HER,
    occurredAt: service.clock.now().toISOString(),
  });
  await service.http
    .post('/api/v1/tasks')
    .set({ authorization, 'idempotency-key': 'once' })
    .send({
      kind: 'follow-up',
      accountId: 'clinic',
      contactId: HER,
      memberId: 'mia',
      about: `see ${MARK}`,
      dueAt: '2026-03-20',
    })
    .expect(201);
  await keptInShadow();
  const quarantined = { messageId: 'bad', name: '', contactId: HER, properties: { note: MARK } };
  await call('post', 'events', { events: [quarantined] });
  await service.app.get(OutboxRelay, { strict: false }).runDue(service.clock.now());
}, 120_000);

afterAll(() => service.close());

/** What a model in shadow would have done is written a moment after the answer. */
async function keptInShadow(): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MILLISECONDS; Date.now() < deadline;) {
    const [{ kept } = { kept: 0 }] = await service.database.query<{ kept: number }[]>(
      'select count(*)::int as kept from shadow_decisions',
    );
    if (kept > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nothing was kept of the model in shadow');
}

interface Held {
  table: string;
  rows: number;
}

/** Tables with a row in which her id or her mark stands, whatever the column. */
async function tablesThatKnow(words: readonly string[]): Promise<string[]> {
  const tables = await service.database.query<{ name: string }[]>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const looks = tables.map(
    ({ name }) => `select '${name}' as "table", count(*)::int as rows from "${name}" t
                    where t::text ~* '(^|[^a-z])(${words.join('|')})([^a-z]|$)'`,
  );
  const held = await service.database.query<Held[]>(looks.join(' union all '));
  return held
    .filter(({ rows }) => rows > 0)
    .map(({ table }) => table)
    .sort();
}

it('leaves no row in which she is named, in any table, nor in what was to be told of her', async () => {
  const before = await tablesThatKnow([HER, MARK]);
  expect(before).toEqual(
    expect.arrayContaining([
      'alerts',
      'audit_entries',
      'consent_facts',
      'contacts',
      'events',
      'idempotency_keys',
      'responses',
      'shadow_decisions',
      'stream_entries',
      'suggestions',
      'tasks',
      'touches',
      'trigger_firings',
      'visits',
      'webhook_messages',
    ]),
  );
  const kim = await service.database.query(`select name from contacts where contact_id = 'kim'`);
  await service.app.get(AuditChain, { strict: false }).seal();
  const erased = await made(`contacts/${HER}/erasures`, {});
  expect(erased).toMatchObject({ contactId: HER, rows: { contacts: 1 } });
  expect(await tablesThatKnow([HER, MARK])).toEqual([]);
  expect(await service.database.query(`select name from contacts where contact_id = 'kim'`)).toEqual(kim);
  const decided = await service.database.query(
    `select decision_id from decisions where account_id = 'clinic'`,
  );
  expect(decided).toEqual([]);
});

it('leaves the trail verifiable, and a state without her', async () => {
  const { body } = await call('get', 'audit/verification');
  expect(body).toMatchObject({ intact: true, broken: null });
  expect((body as { erased: number }).erased).toBeGreaterThan(0);
  const entries = (await call('get', 'audit-entries?limit=50')).body as { items: { action: string }[] };
  expect(entries.items.map(({ action }) => action)).toContain('contact.erased');
  const { candidates = [] } = await territory.recommend({ limit: 10, explain: true, fresh: true });
  expect(candidates.filter(({ contactId }) => contactId === HER)).toEqual([]);
  await call('post', `contacts/${HER}/erasures`, {}).expect(404);
});

it('leaves nothing of an account that is a person either', async () => {
  await territory.put('accounts/solo', { name: 'Solo', kind: 'person', country: 'DE', locale: 'en' });
  await territory.put('accounts/solo/team/mia', {});
  await territory.event('Price Asked', { topic: 'efficacy' }, { accountId: 'solo', contactId: 'solo' });
  await territory.event('Order Completed', { productId: 'P' }, { accountId: 'solo', contactId: undefined });
  await territory.recommend({ accountId: 'solo', limit: 3 });
  await service.app.get(OutboxRelay, { strict: false }).runDue(service.clock.now());
  expect(await tablesThatKnow(['solo'])).toEqual(expect.arrayContaining(['accounts', 'decisions', 'events']));
  await made('contacts/solo/erasures', {});
  expect(await tablesThatKnow(['solo'])).toEqual([]);
});

it('does not open the ledger of consent to anything else', async () => {
  await territory.put('contacts/kim', { accountId: 'other', name: 'Dr. Kim' });
  await made('contacts/kim/consents', {
    channelId: 'email',
    purpose: '*',
    status: 'granted',
    source: 'contact',
  });
  await expect(service.database.query(`delete from consent_facts where contact_id = 'kim'`)).rejects.toThrow(
    /append-only/,
  );
});
