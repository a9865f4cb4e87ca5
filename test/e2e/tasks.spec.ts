import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OverdueTasks, RaiseAlert } from '../../src/workflows/index.js';
import { startTestService, TEST_NOW, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

const DAY = 86_400_000;

let service: TestService;
let territory: Territory;
let mia: string;
let leo: string;
let eve: string;
let lou: string;

const scopes = ['read', 'feedback', 'consent', 'score'] as const;
const keyOf = async (memberId: string) => (await service.key([...scopes], { memberId })).authorization;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  const { put } = territory;
  await put('team-members/tara', { name: 'Tara', role: 'medical-liaison', timeZone: 'Asia/Tehran' });
  await put('team-members/eve', { name: 'Eve', role: 'account-manager' });
  await put('team-members/lou', { name: 'Lou', role: 'medical-liaison' });
  await put('accounts/other', { name: 'Other clinic', kind: 'company', country: 'IR' });
  await put('contacts/smith', { accountId: 'other', name: 'Dr. Smith' });
  await put('accounts/other/team/eve', {});
  [mia, leo, eve, lou] = await Promise.all([keyOf('mia'), keyOf('leo'), keyOf('eve'), keyOf('lou')]);
});
afterAll(() => service.close());
beforeEach(async () => {
  service.clock.set(TEST_NOW);
  await service.database.query('truncate tasks, outbox');
  await service.database.query(`delete from events where name = 'Promise Kept'`);
});

const get = (path: string, authorization = territory.authorization) =>
  service.http.get(`/api/v1/${path}`).set({ authorization });
const post = (path: string, body: object = {}, authorization = territory.authorization) =>
  service.http.post(`/api/v1/${path}`).set({ authorization }).send(body);
const asked = (more: object = {}) => ({
  kind: 'handover',
  accountId: 'clinic',
  contactId: 'jones',
  role: 'medical-liaison',
  about: 'explain the dosage',
  topics: ['dosage'],
  dueAt: '2026-03-05',
  ...more,
});
const make = async (more: object = {}, authorization = territory.authorization) =>
  (await post('tasks', asked(more), authorization).expect(201)).body;
const list = async (query = '', authorization = territory.authorization) =>
  (await get(`tasks${query}`, authorization).expect(200)).body.items;
const told = () =>
  service.database.query(`select type, member_ids, data from outbox where type = 'task.created'`);

describe('POST /tasks', () => {
  it('gives what is asked of a role to the one of the account’s team who has it, and tells her so', async () => {
    const task = await make();
    expect(task).toMatchObject({
      kind: 'handover',
      state: 'open',
      role: 'medical-liaison',
      memberId: 'leo',
      overdue: false,
      dueLocal: { at: '2026-03-05T18:00', timeZone: 'Europe/Berlin' },
    });
    expect(await told()).toMatchObject([
      { member_ids: ['leo'], data: { taskId: task.taskId, about: 'explain the dosage' } },
    ]);
  });

  it('leaves it open for everybody of the role where the team has nobody of it', async () => {
    const task = await make({ accountId: 'other', contactId: 'smith' });
    expect(task).toMatchObject({ memberId: null, role: 'medical-liaison' });
    const [message] = await told();
    expect(message.member_ids).toEqual(['leo', 'lou', 'tara']);
    expect(await list('', lou)).toMatchObject([{ taskId: task.taskId }]);
    expect(await list('', mia)).toHaveLength(0);
    await post(`tasks/${task.taskId}/completions`, {}, lou).expect(201);
  });

  it('lets a day last until the end of work where the member is', async () => {
    const task = await make({ role: undefined, memberId: 'tara' });
    // 18:00 in Tehran (UTC+3:30)
    expect(task).toMatchObject({ dueAt: '2026-03-05T14:30:00.000Z', dueLocal: { at: '2026-03-05T18:00' } });
    const precise = await make({ dueAt: '2026-03-05T09:00:00+01:00' });
    expect(precise.dueAt).toBe('2026-03-05T08:00:00.000Z');
  });

  it('gives the next one to the colleague who has fewer', async () => {
    await territory.put('accounts/clinic/team/lou', {});
    const owners = [(await make()).memberId, (await make()).memberId, (await make()).memberId];
    expect(owners).toEqual(['leo', 'lou', 'leo']);
    await service.database.query(`delete from account_team where member_id = 'lou'`);
  });

  it('refuses what cannot be, with pointers', async () => {
    const pointers = async (more: object) =>
      (await post('tasks', asked(more)).expect(422)).body.errors.map(
        ({ pointer }: { pointer: string }) => pointer,
      );
    expect(await pointers({ kind: 'wish' })).toEqual(['/kind']);
    expect(await pointers({ role: 'pilot' })).toEqual(['/role']);
    expect(await pointers({ role: undefined })).toEqual(['/role']);
    expect(await pointers({ memberId: 'leo' })).toEqual(['/memberId']);
    expect(await pointers({ about: '' })).toEqual(['/about']);
    expect(await pointers({ dueAt: '2026-02-30' })).toEqual(['/dueAt']);
    expect(await pointers({ dueAt: 'soon' })).toEqual(['/dueAt']);
    expect(await pointers({ dueAt: '2020-01-01T00:00:00Z' })).toEqual(['/dueAt']);
    expect(await pointers({ dueAt: '2020-01-01' })).toEqual(['/dueAt']);
    expect(await pointers({ dueAt: undefined })).toEqual(['/dueAt']);
    expect(await pointers({ owner: 'me' })).toEqual(['/owner']);
    const missing = async (more: object) => (await post('tasks', asked(more)).expect(404)).body.detail;
    expect(await missing({ accountId: 'nowhere' })).toContain('account');
    expect(await missing({ contactId: 'smith' })).toContain('contact');
    expect(await missing({ role: undefined, memberId: 'nobody' })).toContain('team member');
    expect(await missing({ suggestionId: 'none' })).toContain('suggestion');
  });
});

describe('GET /tasks', () => {
  it('lists by due date, page by page, and filters by member, state, kind and lateness', async () => {
    const late = await make({ about: 'late', dueAt: '2026-03-03' });
    const soon = await make({
      about: 'soon',
      dueAt: '2026-03-04',
      kind: 'follow-up',
      role: undefined,
      memberId: 'mia',
    });
    const later = await make({ about: 'later', dueAt: '2026-03-09' });
    expect((await list()).map(({ about }: { about: string }) => about)).toEqual(['late', 'soon', 'later']);
    const { body: page } = await get('tasks?limit=2').expect(200);
    const rest = await list(`?limit=2&cursor=${page.nextCursor}`);
    expect([...page.items, ...rest].map(({ taskId }) => taskId)).toEqual([
      late.taskId,
      soon.taskId,
      later.taskId,
    ]);
    expect(await list('?memberId=mia')).toMatchObject([{ about: 'soon' }]);
    expect(await list('?kind=follow-up')).toMatchObject([{ about: 'soon' }]);
    service.clock.advance(2 * DAY);
    expect(await list('?overdue=true')).toMatchObject([{ about: 'late', overdue: true }]);
    await post(`tasks/${late.taskId}/completions`).expect(201);
    expect(await list('?state=completed')).toMatchObject([{ about: 'late' }]);
    expect(await list('?state=open')).toHaveLength(2);
    await get('tasks?state=lost').expect(422);
    await get('tasks?cursor=rubbish').expect(422);
    await get('tasks?memberId=nobody').expect(404);
    await get('tasks?accountId=clinic', eve).expect(404);
  });

  it('shows a task with the account’s history in short', async () => {
    await territory.event('Form Submitted', { title: 'Ask an expert', topic: 'dosage', channel: 'web' });
    await territory.event('Question Asked', { topic: 'dosage', text: 'How often?', channel: 'web' });
    service.clock.advance(60_000);
    await territory.event(
      'Question Answered',
      { topic: 'dosage', text: 'Once a day', channel: 'email' },
      { memberId: 'leo' },
    );
    await territory.event('Question Asked', { topic: 'efficacy', text: 'Does it work?', channel: 'web' });
    await territory.event('Quote Given', { productId: 'P', price: 95, discount: 0.05 });
    await territory.event(
      'Visit Logged',
      { channel: 'visit', note: 'Friendly', topics: ['dosage'] },
      { memberId: 'mia' },
    );
    await post('contacts/jones/consents', {
      channelId: 'email',
      purpose: 'marketing',
      status: 'withdrawn',
      source: 'contact',
    });
    const { taskId } = await make();
    const { body } = await get(`tasks/${taskId}`, leo).expect(200);
    expect(body.history).toMatchObject({
      lastTouches: [{ channelId: 'visit', memberId: 'mia', note: 'Friendly', topics: ['dosage'] }],
      openQuestions: [{ topics: ['efficacy'], text: 'Does it work?' }],
      answers: [{ topics: ['dosage'], question: 'How often?', answer: 'Once a day', memberId: 'leo' }],
      forms: [{ title: 'Ask an expert', topics: ['dosage'] }],
      quotes: [{ productId: 'P', price: 95, discount: 0.05 }],
      consents: [{ contactId: 'jones', channelId: 'email', purpose: 'marketing', status: 'withdrawn' }],
      openTasks: [{ taskId, kind: 'handover' }],
    });
  });

  it('tells sales of a medical task only that there is one', async () => {
    await territory.put('contact-rules/firewall', {
      kind: 'firewall',
      topics: ['side-effects'],
      hideFrom: ['account-manager'],
    });
    const { taskId } = await make({ about: 'a rash', topics: ['side-effects'] });
    await territory.event('Question Asked', { topic: 'side-effects', text: 'Is a rash common?' });
    service.clock.advance(120_000);
    await territory.event(
      'Call Logged',
      { channel: 'liaison-call', topics: ['side-effects'], note: 'rash' },
      { memberId: 'leo' },
    );
    const { body: sales } = await get(`tasks/${taskId}`, mia).expect(200);
    expect(sales).toMatchObject({ kind: 'handover', memberId: 'leo', about: '', topics: [] });
    expect(JSON.stringify(sales)).not.toContain('rash');
    expect(sales.history.lastTouches[0]).toMatchObject({ channelId: 'liaison-call', note: null, topics: [] });
    expect(JSON.stringify(await list('', mia))).not.toContain('rash');
    const { body: medical } = await get(`tasks/${taskId}`, leo).expect(200);
    expect(medical).toMatchObject({ about: 'a rash', topics: ['side-effects'] });
    expect(medical.history.openQuestions.map(({ text }: { text: string }) => text)).toContain(
      'Is a rash common?',
    );
    await service.database.query(`delete from contact_rules where rule_id = 'firewall'`);
    await service.database.query(`update versions set version = version + 1`);
  });
});

describe('what becomes of a task', () => {
  it('is done once; said again it changes nothing, and what is done is not changed any more', async () => {
    const { taskId } = await make();
    const { body } = await post(`tasks/${taskId}/completions`, { note: 'explained' }, leo).expect(201);
    expect(body).toMatchObject({ state: 'completed', endedBy: 'leo', note: 'explained' });
    service.clock.advance(60_000);
    const again = await post(`tasks/${taskId}/completions`, { note: 'twice' }, leo).expect(201);
    expect(again.body).toMatchObject({ note: 'explained', endedAt: body.endedAt });
    await post(`tasks/${taskId}/cancellations`, { reason: 'late' }, leo).expect(409);
    await post(`tasks/${taskId}/assignments`, { memberId: 'mia' }, leo).expect(409);
  });

  it('answers the customer’s question for everybody', async () => {
    await territory.event('Question Asked', { topic: 'storage', text: 'Must it be cold?' });
    const { taskId } = await make({ about: 'storage', topics: ['storage'] });
    service.clock.advance(600_000);
    const answers = [{ topic: 'storage', text: 'Below 25 degrees' }];
    await post(`tasks/${taskId}/completions`, { answers }, leo).expect(201);
    const { body } = await get('accounts/clinic/timeline?kind=event&limit=100', mia).expect(200);
    const shown = body.items.filter(({ topics }: { topics: string[] }) => topics.includes('storage'));
    expect(shown).toMatchObject([
      { name: 'Question Answered', text: 'Below 25 degrees', memberId: 'leo' },
      { name: 'Question Asked', state: 'answered' },
    ]);
  });

  it('goes to another member, who is told', async () => {
    const { taskId } = await make();
    const { body } = await post(
      `tasks/${taskId}/assignments`,
      { memberId: 'tara', dueAt: '2026-03-06' },
      leo,
    ).expect(201);
    expect(body).toMatchObject({ memberId: 'tara', dueAt: '2026-03-06T14:30:00.000Z' });
    expect((await told()).at(-1)).toMatchObject({ member_ids: ['tara'], data: { reassigned: true } });
    const errors = async (more: object) =>
      (await post(`tasks/${taskId}/assignments`, more).expect(422)).body.errors[0].pointer;
    expect(await errors({})).toBe('/role');
    expect(await errors({ role: 'service', memberId: 'mia' })).toBe('/memberId');
    expect(await errors({ role: 'service', dueAt: '2020-01-01' })).toBe('/dueAt');
    await post(`tasks/${taskId}/assignments`, { memberId: 'nobody' }).expect(404);
  });

  it('is called off with a reason', async () => {
    const { taskId } = await make({}, mia);
    await post(`tasks/${taskId}/cancellations`, {}, mia).expect(422);
    const { body } = await post(`tasks/${taskId}/cancellations`, { reason: 'she found it' }, mia).expect(201);
    expect(body).toMatchObject({ state: 'cancelled', note: 'she found it', endedBy: 'mia' });
    await post(`tasks/${taskId}/completions`, {}, leo).expect(409);
  });

  it('is neither seen nor touched by another account’s manager, and changed by those concerned only', async () => {
    const { taskId } = await make({}, leo);
    await get(`tasks/${taskId}`, eve).expect(404);
    for (const [path, body] of [
      ['completions', {}],
      ['cancellations', { reason: 'x' }],
      ['assignments', { memberId: 'eve' }],
    ] as const) {
      await post(`tasks/${taskId}/${path}`, body, eve).expect(404);
      await post(`tasks/${taskId}/${path}`, body, mia).expect(403);
      await post(`tasks/none/${path}`, body, mia).expect(404);
    }
    await post('tasks', asked(), eve).expect(404);
    expect(await list('', eve)).toHaveLength(0);
    const { body } = await get(`tasks/${taskId}`, leo).expect(200);
    expect(body.state).toBe('open');
  });
});

describe('a promise', () => {
  const promised = async (more: object = {}, messageId = 'p1', occurredAt?: string) =>
    territory.event(
      'Promise Made',
      { what: 'send the study', dueAt: '2026-03-04', ...more },
      { memberId: 'mia', messageId, ...(occurredAt === undefined ? {} : { occurredAt }) },
    );

  it('is a task from the moment it is told of, and is done when it is told to be kept', async () => {
    await promised();
    expect(await list('?memberId=mia')).toMatchObject([
      { kind: 'promise', about: 'send the study', dueAt: '2026-03-04T17:00:00.000Z', contactId: 'jones' },
    ]);
    service.clock.advance(60_000);
    await territory.event('Promise Kept', { promiseId: 'p1' }, { memberId: 'mia' });
    expect(await list('?state=open')).toHaveLength(0);
    expect(await list('?state=completed')).toMatchObject([{ about: 'send the study', endedBy: 'mia' }]);
  });

  it('is done at once when it is told of after it was kept, and no other promise is', async () => {
    const at = (minutes: number) => new Date(service.clock.now().getTime() + minutes * 60_000).toISOString();
    service.clock.advance(600_000);
    const keptThen = { memberId: 'mia', occurredAt: at(-2) };
    await territory.event('Promise Kept', { promiseId: 'late' }, keptThen);
    await territory.event('Promise Kept', { what: 'call back' }, { ...keptThen, occurredAt: at(-1) });
    await promised({ what: 'send the paper' }, 'late', at(-5));
    expect(await list('?state=open')).toHaveLength(0);
    await promised({ what: 'call back' }, 'later', at(-5));
    expect(await list('?state=open')).toHaveLength(0);
    const smith = { memberId: 'mia', contactId: 'smith', accountId: 'other' };
    await territory.event('Promise Kept', {}, { ...smith, occurredAt: at(-1) });
    await territory.event(
      'Promise Made',
      { what: 'visit her' },
      { ...smith, messageId: 'only', occurredAt: at(-3) },
    );
    expect(await list('?state=open')).toHaveLength(0);
    // the words are used up, and what is promised now was not kept before
    await promised({ what: 'call back' }, 'again', at(-4));
    await promised({ what: 'send the paper' }, 'new', at(0));
    const open = await list('?state=open');
    expect(open.map(({ about }: { about: string }) => about).sort()).toEqual(['call back', 'send the paper']);
    for (const { taskId } of open) await post(`tasks/${taskId}/completions`, {}, mia).expect(201);
  });

  it('is kept in the log when its task is done', async () => {
    await promised({}, 'p2');
    const [{ taskId }] = await list('?state=open');
    await post(`tasks/${taskId}/completions`, { note: 'sent' }, mia).expect(201);
    await post(`tasks/${taskId}/completions`, { note: 'sent' }, mia).expect(201);
    const kept = await service.database.query(
      `select member_id from events where name = 'Promise Kept' and properties->>'taskId' = $1`,
      [taskId],
    );
    expect(kept).toEqual([{ member_id: 'mia' }]);
  });

  it('is not closed by a word that may mean another one', async () => {
    await promised({ what: 'one thing' }, 'p3');
    await promised({ what: 'another thing' }, 'p4');
    await territory.event('Promise Kept', {}, { memberId: 'mia' });
    expect(await list('?state=open')).toHaveLength(2);
    await territory.event('Promise Kept', { what: 'another thing' }, { memberId: 'mia' });
    expect(await list('?state=open')).toMatchObject([{ about: 'one thing' }]);
  });

  it('makes no task when it comes from an import or from a browser', async () => {
    const old = {
      messageId: 'old',
      name: 'Promise Made',
      contactId: 'jones',
      occurredAt: '2026-01-01T00:00:00Z',
      properties: { what: 'past', dueAt: '2026-01-02' },
    };
    const { authorization } = await service.key(['admin']);
    await service.http
      .post('/api/v1/imports/events')
      .set({ authorization, 'content-type': 'application/x-ndjson' })
      .send(`${JSON.stringify(old)}\n`)
      .expect(({ status }) => expect(status).toBeLessThan(300));
    const browser = await service.key(['ingest:public']);
    await post(
      'events',
      { events: [{ ...old, messageId: 'b', occurredAt: TEST_NOW.toISOString() }] },
      browser.authorization,
    );
    expect(await list()).toHaveLength(0);
  });

  it('goes with a contact whose account becomes known later', async () => {
    const made = { what: 'call the newcomer', dueAt: '2026-03-09' };
    await territory.event('Promise Made', made, {
      accountId: undefined,
      contactId: 'newcomer',
      memberId: 'mia',
      messageId: 'p6',
    });
    expect(await list('?accountId=newcomer')).toHaveLength(1);
    await territory.event('Page Viewed', {}, { contactId: 'newcomer', messageId: 'p7' });
    expect(await list('?accountId=newcomer')).toHaveLength(0);
    expect(await list('?accountId=clinic')).toMatchObject([
      { about: 'call the newcomer', contactId: 'newcomer' },
    ]);
  });

  it('raises an alert when nobody has kept it in time, once, to the one who gave it', async () => {
    const { authorization: admin } = await service.key(['admin']);
    await service.http
      .put('/api/v1/trigger-rules/promise-overdue')
      .set({ authorization: admin })
      .send({
        when: { event: 'Promise Overdue' },
        count: 1,
        withinHours: 24,
        maxLatenessHours: 720,
        priority: 85,
        cooldownHours: 168,
        validHours: 168,
        role: 'account-manager',
        message: { en: 'A promise to {contact} is overdue: {what}.', fa: 'قول به {contact}: {what}' },
      })
      .expect(({ status }) => expect(status).toBeLessThan(300));
    await promised({ what: 'bring samples' }, 'p5');
    const overdue = service.app.get(OverdueTasks, { strict: false });
    expect(await overdue.runDue()).toBe(0);
    service.clock.advance(3 * DAY);
    const found = await Promise.all([overdue.runDue(), overdue.runDue()]);
    expect(found[0] + found[1]).toBe(1);
    expect(await overdue.runDue()).toBe(0);
    await service.app.get(RaiseAlert, { strict: false }).runDue(service.clock.now());
    const { body } = await get('alerts', mia).expect(200);
    expect(body.items).toMatchObject([{ memberId: 'mia', accountId: 'clinic', contactId: 'jones' }]);
    expect(body.items[0].message).toContain('bring samples');
    expect((await get('alerts', eve).expect(200)).body.items).toHaveLength(0);
    expect(await list('?overdue=true')).toMatchObject([{ about: 'bring samples', overdue: true }]);
  });
});
