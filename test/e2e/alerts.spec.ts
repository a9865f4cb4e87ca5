import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { overdueEvents } from '../../src/alerts/index.js';
import type { AccountId, ContactId, MemberId } from '../../src/catalogue/index.js';
import { Transactions } from '../../src/shared/index.js';
import { AlertConcerns } from '../../src/workflows/index.js';
import { alertsOf, escalateDue, plainRule, raiseDue } from '../support/alerts.js';
import { startTestService, TEST_NOW, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let service: TestService;
let territory: Territory;
let mia: { authorization: string };

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  await territory.put('team-members/dora', { name: 'Dora', role: 'account-manager', locale: 'fa' });
  await territory.put('team-members/mia', {
    name: 'Mia',
    role: 'account-manager',
    timeZone: 'Europe/Berlin',
    deputyId: 'dora',
  });
  mia = await service.key(['read', 'feedback'], { memberId: 'mia' });
});
afterAll(() => service.close());

/** Each test has the log to itself, as far as rules look: a week later, and without the rules of the one before. */
beforeEach(async () => {
  const { items } = (await get('trigger-rules')).body as { items: { ruleId: string }[] };
  for (const { ruleId } of items) await remove(ruleId).expect(204);
  service.clock.set(new Date(service.clock.now().getTime() + 7 * 24 * HOUR));
  const day = 24 * HOUR;
  const days = Math.ceil((service.clock.now().getTime() - TEST_NOW.getTime()) / day);
  service.clock.set(new Date(TEST_NOW.getTime() + days * day));
});

const get = (path: string, authorization = territory.authorization) =>
  service.http.get(`/api/v1/${path}`).set({ authorization });
const put = (path: string, body: object) =>
  service.http.put(`/api/v1/${path}`).set({ authorization: territory.authorization }).send(body);
const post = (path: string, body: object = {}, authorization = territory.authorization) =>
  service.http.post(`/api/v1/${path}`).set({ authorization }).send(body);
const remove = (ruleId: string) =>
  service.http.delete(`/api/v1/trigger-rules/${ruleId}`).set({ authorization: territory.authorization });
const rule = (ruleId: string, body: object) =>
  put(`trigger-rules/${ruleId}`, { ...plainRule, ...body }).expect(200);
const raised = async (ruleId: string, query: Record<string, string> = {}) =>
  (await alertsOf(service, territory, query)).filter((alert) => alert.ruleId === ruleId);
const read = (topic: string, more: object = {}) => territory.event('Page Viewed', { topic }, more);
const firings = async (): Promise<number> =>
  (
    await service.database.query<{ n: number }[]>(
      `select count(*)::int as n from trigger_firings where state = 'waiting'`,
    )
  )[0]!.n;

const sideEffects = { event: 'Page Viewed', where: 'event.properties.topic == "side-effects"' };

describe('a new deployment', () => {
  it('is told of what is overdue, without anybody having put a rule', async () => {
    const fresh = await startTestService();
    const { authorization } = await fresh.key(['read']);
    const { body } = await fresh.http.get('/api/v1/trigger-rules').set({ authorization }).expect(200);
    expect(body.items.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
      'promise-overdue',
      'task-overdue',
    ]);
    await fresh.close();
  });
});

describe('PUT /trigger-rules', () => {
  it('keeps the rule as it was put, raises its version with each change, and writes the trail', async () => {
    const body = { ...plainRule, when: sideEffects, count: 2, message: { en: 'a', fa: 'ب' } };
    const { body: first } = await put('trigger-rules/kept', body).expect(200);
    expect(first).toEqual({ ...body, ruleId: 'kept', version: expect.any(Number) });
    const { body: same } = await put('trigger-rules/kept', body).expect(200);
    expect(same.version).toBe(first.version);
    const { body: changed } = await put('trigger-rules/kept', { ...body, count: 3 }).expect(200);
    expect(changed.version).toBe(first.version + 1);
    expect((await get('trigger-rules/kept').expect(200)).body).toEqual(changed);
    await remove('kept').expect(204);
    await get('trigger-rules/kept').expect(404);
    const { authorization } = await service.key(['audit']);
    const trail = await get('audit-entries?subjectId=kept', authorization);
    expect(trail.body.items.map(({ action }: { action: string }) => action)).toContain(
      'trigger-rule.removed',
    );
  });

  it('checks expressions and words, with a pointer to each that is wrong', async () => {
    const { body } = await put('trigger-rules/wrong', {
      ...plainRule,
      when: { event: 'Page Viewed', where: 'account.attributes.bed > 3.0' },
      unless: { event: 'Order Completed', where: 'features.nothing > 1.0', withinHours: 3 },
      message: { en: '{someone} was here', fa: '{count, plural, one {x}}' },
    }).expect(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/when/where',
      '/unless/where',
      '/message/en',
      '/message/fa',
    ]);
    const { body: fields } = await put('trigger-rules/wrong', {
      ...plainRule,
      when: { event: '' },
      count: 0,
      role: 'king',
    }).expect(422);
    expect(fields.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/count',
      '/role',
      '/when/event',
    ]);
  });

  it('takes many from a file, and names the lines that are wrong', async () => {
    const lines = [
      { ruleId: 'from-file', ...plainRule, when: { event: 'Form Submitted' } },
      { ruleId: 'wrong-file', ...plainRule, when: { event: 'X', where: 'event.nothing' } },
    ];
    const { body } = await service.http
      .post('/api/v1/imports/trigger-rules')
      .set({ authorization: territory.authorization, 'content-type': 'application/x-ndjson' })
      .send(lines.map((line) => JSON.stringify(line)).join('\n'))
      .expect(200);
    expect(body).toMatchObject({ accepted: 1, rejectedCount: 1 });
    await get('trigger-rules/from-file').expect(200);
    await get('trigger-rules/wrong-file').expect(404);
  });

  it('admits what an event, an account, a contact and features are', async () => {
    const where =
      'event.properties.topic == "dosage" && account.attributes.beds > 100.0 && contact.name != "" && features.reads3 > 0.0';
    await rule('all', { when: { event: 'Page Viewed', where } });
    await read('dosage');
    await raiseDue(service);
    expect(await raised('all')).toHaveLength(1);
  });
});

describe('a trigger rule', () => {
  it('alerts the account manager with evidence and a next step when the count is reached', async () => {
    await rule('twice', {
      when: sideEffects,
      count: 2,
      message: { en: '{contact} read it {count, plural, one {once} =2 {twice} other {# times}} today.' },
    });
    await read('side-effects');
    expect(await raiseDue(service)).toBe(0);
    service.clock.advance(10 * MINUTE);
    await read('side-effects');
    expect(await raiseDue(service)).toBe(1);
    const [alert] = await raised('twice');
    expect(alert).toMatchObject({
      accountId: 'clinic',
      contactId: 'jones',
      memberId: 'mia',
      message: 'Dr. Jones read it twice today.',
      title: 'Dr. Jones: page view',
      state: 'open',
      suggestion: { action: { id: 'answer-safety' }, performedBy: { memberId: 'leo' } },
      because: null,
    });
    expect(alert!.evidence.map(({ name }) => name)).toEqual(['Page Viewed', 'Page Viewed']);
    const [message] = await service.database.query<{ data: { alertId: string }; member_ids: string[] }[]>(
      `select data, member_ids from outbox where type = 'alert.raised' and data ->> 'alertId' = $1`,
      [alert!.alertId],
    );
    expect(message?.member_ids).toEqual(['mia']);
    const [decision] = await service.database.query<{ n: number }[]>(
      'select count(*)::int as n from decisions d join alerts a using (decision_id) where a.alert_id = $1',
      [alert!.alertId],
    );
    expect(decision?.n).toBe(1);
  });

  it('is silent within its cool-down, on both sides of any border, and speaks again after it', async () => {
    await rule('rests', { when: { event: 'Form Submitted' }, cooldownHours: 2 });
    // minutes before a multiple of two hours since 1970, and after it
    const border = Math.ceil(service.clock.now().getTime() / (2 * HOUR)) * 2 * HOUR;
    service.clock.set(new Date(border - MINUTE));
    await territory.event('Form Submitted', {});
    service.clock.set(new Date(border + MINUTE));
    await territory.event('Form Submitted', {});
    service.clock.set(new Date(border + 2 * HOUR));
    await territory.event('Form Submitted', {});
    await raiseDue(service);
    expect(await raised('rests')).toHaveLength(2);
  });

  it('does not fire when something speaks against it, and counts each contact for itself', async () => {
    await territory.put('contacts/brown', { accountId: 'clinic', name: 'Brown' });
    await rule('unless', {
      when: { event: 'Product Viewed' },
      unless: { event: 'Order Completed', withinHours: 5 },
      count: 2,
    });
    await territory.event('Order Completed', {}, { contactId: 'brown' });
    await territory.event('Product Viewed', { productId: 'P' });
    await territory.event('Product Viewed', { productId: 'P' }, { contactId: 'brown' });
    await territory.event('Product Viewed', { productId: 'P' }, { contactId: 'brown' });
    expect(await raiseDue(service)).toBe(0);
    await territory.event('Product Viewed', { productId: 'P' });
    expect(await raiseDue(service)).toBe(1);
    expect((await raised('unless')).map(({ contactId }) => contactId)).toEqual(['jones']);
  });

  it('does not fire for what came too late, was imported, replayed, or joined to a visitor afterwards', async () => {
    await rule('late', { when: { event: 'Form Submitted' }, maxLatenessHours: 2 });
    const early = new Date(service.clock.now().getTime() - 3 * HOUR).toISOString();
    await territory.event('Form Submitted', {}, { occurredAt: early });
    const row = {
      messageId: 'imported-form',
      source: 'old',
      name: 'Form Submitted',
      accountId: 'clinic',
      occurredAt: service.clock.now().toISOString(),
      properties: {},
    };
    await service.http
      .post('/api/v1/imports/events')
      .set({ authorization: territory.authorization, 'content-type': 'application/x-ndjson' })
      .send(`${JSON.stringify(row)}\n`)
      .expect((answer) => expect(answer.body.accepted).toBe(1));
    await post('events', {
      events: [{ ...row, messageId: 'visitor', accountId: undefined, anonymousId: 'someone' }],
    }).expect(200);
    await service.http
      .post('/v1/identify')
      .set({ authorization: territory.authorization })
      .send({ messageId: 'joins', userId: 'jones', anonymousId: 'someone', traits: {} })
      .expect(200);
    expect(await firings()).toBe(0);
    await territory.event('Form Submitted', {});
    expect(await firings()).toBe(1);
    await raiseDue(service);
  });

  it('waits for what is expected, and alerts only when it has not come by then', async () => {
    await rule('absent', {
      when: { event: 'Product Added' },
      unless: { event: 'Order Completed', withinHours: 3, looks: 'ahead' },
      cooldownHours: 1,
    });
    await territory.event('Product Added', { productId: 'P' });
    service.clock.advance(2 * HOUR);
    expect(await raiseDue(service)).toBe(0);
    await territory.event('Order Completed', {});
    service.clock.advance(2 * HOUR);
    expect(await raiseDue(service)).toBe(0);
    await territory.event('Product Added', { productId: 'P' });
    service.clock.advance(3 * HOUR);
    expect(await raiseDue(service)).toBe(1);
    expect(await raised('absent')).toHaveLength(1);
  });

  it('takes an import into account that tells of what was waited for', async () => {
    await rule('absent-import', {
      when: { event: 'Product Added' },
      unless: { event: 'Order Completed', withinHours: 3, looks: 'ahead' },
    });
    await territory.event('Product Added', { productId: 'P' });
    service.clock.advance(HOUR);
    const ordered = {
      messageId: 'imported-order',
      source: 'shop',
      name: 'Order Completed',
      accountId: 'clinic',
      contactId: 'jones',
      occurredAt: service.clock.now().toISOString(),
      properties: {},
    };
    await service.http
      .post('/api/v1/imports/events')
      .set({ authorization: territory.authorization, 'content-type': 'application/x-ndjson' })
      .send(`${JSON.stringify(ordered)}\n`)
      .expect(200);
    service.clock.advance(3 * HOUR);
    expect(await raiseDue(service)).toBe(0);
  });

  it('speaks the language of the member, with her own digits', async () => {
    await rule('persian', {
      when: { event: 'Form Submitted' },
      places: { desk: ['dora'] },
      message: { en: '{count} form', fa: '{count} فرم از {contact}' },
    });
    await territory.event('Form Submitted', { placeId: 'desk' });
    await raiseDue(service);
    const [alert] = await raised('persian');
    expect(alert).toMatchObject({
      memberId: 'dora',
      message: '۱ فرم از Dr. Jones',
      title: 'Dr. Jones: ارسال فرم',
    });
  });

  it('is tried on a period that is over by the code that checks live events', async () => {
    await rule('dry', { when: sideEffects, count: 2, cooldownHours: 6 });
    const from = service.clock.now().toISOString();
    for (const hours of [0, 1, 2, 7, 1]) {
      service.clock.advance(hours * HOUR);
      await read('side-effects');
      await raiseDue(service);
    }
    service.clock.advance(MINUTE);
    const to = service.clock.now().toISOString();
    const live = await raised('dry');
    const { body } = await post('trigger-rules/dry/dry-runs', { from, to }).expect(200);
    expect(body.matchedEvents).toBe(5);
    expect(body.alertCount).toBe(2);
    expect(live).toHaveLength(2);
    expect(body.alerts.map(({ evidence }: { evidence: object[] }) => evidence)).toEqual(
      live.map(({ evidence }) => evidence).reverse(),
    );
    await post('trigger-rules/nothing/dry-runs', { from, to }).expect(404);
    await post('trigger-rules/dry/dry-runs', { from: to, to: from }).expect(422);
  });
});

describe('what other workflows are concerned about', () => {
  it('is alerted by the rule of its name to whom it concerns, once for each subject within the cool-down', async () => {
    await rule('overdue', {
      when: { event: overdueEvents.promise },
      message: { en: 'Overdue: {what}, due {dueAt, time}' },
      cooldownHours: 48,
    });
    const concerns = service.app.get(AlertConcerns, { strict: false });
    const transactions = service.app.get(Transactions, { strict: false });
    const about = (subject: string) =>
      transactions.run((within) =>
        concerns.about(
          {
            event: overdueEvents.promise,
            accountId: 'clinic' as AccountId,
            contactId: 'jones' as ContactId,
            subject,
            memberIds: ['leo' as MemberId],
            at: service.clock.now(),
            properties: { what: 'send the study', dueAt: '2026-03-02T09:00:00Z' },
          },
          within,
        ),
      );
    expect(await about('task-1')).toBe(1);
    service.clock.advance(HOUR);
    expect(await about('task-1')).toBe(0);
    expect(await about('task-2')).toBe(1);
    while ((await raiseDue(service)) > 0);
    const alerts = await raised('overdue');
    expect(alerts).toHaveLength(2);
    expect(alerts[0]).toMatchObject({ memberId: 'leo', message: 'Overdue: send the study, due 10:00' });
  });
});

describe('an alert', () => {
  const form = { when: { event: 'Form Submitted' }, cooldownHours: 0 };

  it('is seen by its member and the team of the account, and by nobody else', async () => {
    await territory.put('team-members/eve', { name: 'Eve', role: 'account-manager' });
    const eve = await service.key(['read', 'feedback'], { memberId: 'eve' });
    await rule('own', form);
    await territory.event('Form Submitted', {});
    await raiseDue(service);
    const [alert] = await raised('own');
    expect((await alertsOf(service, mia)).map(({ alertId }) => alertId)).toContain(alert!.alertId);
    expect(await alertsOf(service, eve)).toEqual([]);
    await post(`alerts/${alert!.alertId}/acknowledgements`, {}, eve.authorization).expect(404);
    await get('alerts?accountId=clinic', eve.authorization).expect(404);
    await post('alerts/nothing/acknowledgements').expect(404);
  });

  it('is taken once for all who were told of the same thing', async () => {
    await rule('both', { ...form, places: { booth: ['mia', 'dora'] } });
    await territory.event('Form Submitted', { placeId: 'booth' });
    await raiseDue(service);
    const [one, other] = await raised('both');
    expect(new Set([one!.memberId, other!.memberId])).toEqual(new Set(['mia', 'dora']));
    const { body } = await post(`alerts/${one!.alertId}/acknowledgements`, {}, mia.authorization).expect(201);
    expect(body).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'mia' });
    service.clock.advance(MINUTE);
    const { body: again } = await post(`alerts/${other!.alertId}/acknowledgements`).expect(201);
    expect(again).toMatchObject({ acknowledgedBy: 'mia', acknowledgedAt: body.acknowledgedAt });
    expect(await raised('both', { state: 'open' })).toEqual([]);
  });

  it('goes to the deputy when nobody has seen it in time', async () => {
    await rule('unseen', { ...form, escalateAfterMinutes: 30 });
    const dora = await service.key(['read', 'feedback'], { memberId: 'dora' });
    await territory.event('Form Submitted', {});
    await raiseDue(service);
    service.clock.advance(29 * MINUTE);
    expect(await escalateDue(service)).toBe(0);
    service.clock.advance(MINUTE);
    expect(await escalateDue(service)).toBe(1);
    expect(await escalateDue(service)).toBe(0);
    const [alert] = await raised('unseen');
    expect(alert).toMatchObject({ memberId: 'mia', escalatedTo: 'dora' });
    const [message] = await service.database.query<{ member_ids: string[] }[]>(
      `select member_ids from outbox where type = 'alert.raised' and data ->> 'alertId' = $1 order by occurred_at desc`,
      [alert!.alertId],
    );
    expect(message?.member_ids).toEqual(['dora']);
    await post(`alerts/${alert!.alertId}/acknowledgements`, {}, dora.authorization).expect(201);
  });

  it('is over when the moment is that it is about', async () => {
    await rule('moment', form);
    await territory.event('Form Submitted', { validMinutes: 45 });
    await raiseDue(service);
    const since = service.clock.now().toISOString();
    service.clock.advance(46 * MINUTE);
    expect(await raised('moment')).toMatchObject([{ state: 'expired' }]);
    expect(await raised('moment', { state: 'open' })).toEqual([]);
    expect(await raised('moment', { state: 'expired', changedSince: since })).toHaveLength(1);
    await territory.event(
      'Form Submitted',
      { validMinutes: 5 },
      {
        occurredAt: new Date(service.clock.now().getTime() - 10 * MINUTE).toISOString(),
      },
    );
    expect(await raiseDue(service)).toBe(0);
  });

  it('waits for the morning of its member, unless it is urgent', async () => {
    service.clock.set(new Date(service.clock.now().getTime() + 12 * HOUR));
    await rule('night', form);
    await rule('urgent', { ...form, priority: 95 });
    await territory.event('Form Submitted', {});
    await raiseDue(service);
    const [night] = await raised('night');
    const morning = new Date(night!.heldUntil!);
    expect(morning.toLocaleTimeString('de-DE', { timeZone: 'Europe/Berlin' })).toBe('08:00:00');
    expect(morning > service.clock.now()).toBe(true);
    expect((await raised('urgent'))[0]?.heldUntil).toBeNull();
  });

  it('asks for attention so often an hour; what is more is joined to the latest', async () => {
    await rule('many', form);
    for (let sent = 0; sent < 15; sent += 1) {
      service.clock.advance(MINUTE);
      await territory.event('Form Submitted', {});
      await raiseDue(service);
    }
    const alerts = await raised('many');
    const joined = alerts.filter(({ joinedTo }) => joinedTo !== null);
    expect(alerts).toHaveLength(15);
    expect(joined).toHaveLength(3);
    const head = alerts.find(({ alertId }) => alertId === joined[0]?.joinedTo);
    expect(head).toMatchObject({ joined: 3, joinedTo: null });
  });

  it('says so when its next step is no longer allowed', async () => {
    await rule('refused', {
      when: { event: 'Question Asked' },
      cooldownHours: 0,
      context: { need: '{topic}' },
    });
    await territory.event('Question Asked', { topic: 'dosage' });
    await raiseDue(service);
    expect((await raised('refused'))[0]?.suggestion).toMatchObject({ action: { id: 'talk-dosage' } });
    await post('contacts/jones/consents', {
      channelId: 'visit',
      purpose: 'sales',
      status: 'withdrawn',
      source: 'contact',
    }).expect(201);
    const [alert] = await raised('refused');
    expect(alert).toMatchObject({
      suggestion: null,
      because: expect.stringContaining('Withdrawn by the contact'),
    });
  });

  it('about what a customer asked is not for roles from which the firewall hides such questions', async () => {
    const question = { when: { event: 'Question Asked' }, cooldownHours: 0 };
    await rule('for-sales', question);
    await rule('for-medical', { ...question, role: 'medical-liaison' });
    await territory.event('Question Asked', { topic: 'side-effects' });
    await raiseDue(service);
    expect(await raised('for-sales')).toEqual([]);
    const [alert] = await raised('for-medical');
    expect(alert?.memberId).toBe('leo');
    expect((await alertsOf(service, mia)).map(({ alertId }) => alertId)).not.toContain(alert!.alertId);
  });

  it('is listed newest first, page by page', async () => {
    const all = await alertsOf(service, territory, { limit: 500 });
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string | number> = cursor === null ? { limit: 7 } : { limit: 7, cursor };
      const { body } = await get('alerts').query(query).expect(200);
      paged.push(...body.items.map(({ alertId }: { alertId: string }) => alertId));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual(all.map(({ alertId }) => alertId));
    expect(paged.length).toBeGreaterThan(20);
    await get('alerts?cursor=nonsense').expect(422);
    await get('alerts?state=sleeping').expect(422);
  });
});
