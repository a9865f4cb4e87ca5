import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY } from '../../src/shared/index.js';
import { startTasks, type Tasks } from '../support/tasks.js';

let tasks: Tasks;

beforeAll(async () => {
  tasks = await startTasks();
});
afterAll(() => tasks?.service.close());
beforeEach(() => tasks.forget());

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
const make = async (more: object = {}, authorization = tasks.territory.authorization) =>
  (await tasks.post('tasks', asked(more), authorization).expect(201)).body;
const told = () =>
  tasks.service.database.query(`select type, member_ids, data from outbox where type = 'task.created'`);

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
    expect(await tasks.list('', tasks.as.lou)).toMatchObject([{ taskId: task.taskId }]);
    expect(await tasks.list('', tasks.as.mia)).toHaveLength(0);
    await tasks.post(`tasks/${task.taskId}/completions`, {}, tasks.as.lou).expect(201);
  });

  it('lets a day last until the end of work where the member is', async () => {
    const task = await make({ role: undefined, memberId: 'tara' });
    // 18:00 in Tehran (UTC+3:30)
    expect(task).toMatchObject({ dueAt: '2026-03-05T14:30:00.000Z', dueLocal: { at: '2026-03-05T18:00' } });
    const precise = await make({ dueAt: '2026-03-05T09:00:00+01:00' });
    expect(precise.dueAt).toBe('2026-03-05T08:00:00.000Z');
  });

  it('gives the next one to the colleague who has fewer', async () => {
    await tasks.territory.put('accounts/clinic/team/lou', {});
    const owners = [(await make()).memberId, (await make()).memberId, (await make()).memberId];
    expect(owners).toEqual(['leo', 'lou', 'leo']);
    await tasks.service.database.query(`delete from account_team where member_id = 'lou'`);
  });

  it('refuses what cannot be, with pointers', async () => {
    const pointers = async (more: object) =>
      (await tasks.post('tasks', asked(more)).expect(422)).body.errors.map(
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
    const missing = async (more: object) => (await tasks.post('tasks', asked(more)).expect(404)).body.detail;
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
    expect((await tasks.list()).map(({ about }: { about: string }) => about)).toEqual([
      'late',
      'soon',
      'later',
    ]);
    const { body: page } = await tasks.get('tasks?limit=2').expect(200);
    const rest = await tasks.list(`?limit=2&cursor=${page.nextCursor}`);
    expect([...page.items, ...rest].map(({ taskId }) => taskId)).toEqual([
      late.taskId,
      soon.taskId,
      later.taskId,
    ]);
    expect(await tasks.list('?memberId=mia')).toMatchObject([{ about: 'soon' }]);
    expect(await tasks.list('?kind=follow-up')).toMatchObject([{ about: 'soon' }]);
    tasks.service.clock.advance(2 * DAY);
    expect(await tasks.list('?overdue=true')).toMatchObject([{ about: 'late', overdue: true }]);
    await tasks.post(`tasks/${late.taskId}/completions`).expect(201);
    expect(await tasks.list('?state=completed')).toMatchObject([{ about: 'late' }]);
    expect(await tasks.list('?state=open')).toHaveLength(2);
    await tasks.get('tasks?state=lost').expect(422);
    await tasks.get('tasks?cursor=rubbish').expect(422);
    await tasks.get('tasks?memberId=nobody').expect(404);
    await tasks.get('tasks?accountId=clinic', tasks.as.eve).expect(404);
  });

  it('shows a task with the account’s history in short', async () => {
    await tasks.territory.event('Form Submitted', {
      title: 'Ask an expert',
      topic: 'dosage',
      channel: 'web',
    });
    await tasks.territory.event('Question Asked', { topic: 'dosage', text: 'How often?', channel: 'web' });
    tasks.service.clock.advance(60_000);
    await tasks.territory.event(
      'Question Answered',
      { topic: 'dosage', text: 'Once a day', channel: 'email' },
      { memberId: 'leo' },
    );
    await tasks.territory.event('Question Asked', {
      topic: 'efficacy',
      text: 'Does it work?',
      channel: 'web',
    });
    await tasks.territory.event('Quote Given', { productId: 'P', price: 95, discount: 0.05 });
    await tasks.territory.event(
      'Visit Logged',
      { channel: 'visit', note: 'Friendly', topics: ['dosage'] },
      { memberId: 'mia' },
    );
    await tasks.post('contacts/jones/consents', {
      channelId: 'email',
      purpose: 'marketing',
      status: 'withdrawn',
      source: 'contact',
    });
    const { taskId } = await make();
    const { body } = await tasks.get(`tasks/${taskId}`, tasks.as.leo).expect(200);
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
    await tasks.territory.put('contact-rules/firewall', {
      kind: 'firewall',
      topics: ['side-effects'],
      hideFrom: ['account-manager'],
    });
    const { taskId } = await make({ about: 'a rash', topics: ['side-effects'] });
    await tasks.territory.event('Question Asked', { topic: 'side-effects', text: 'Is a rash common?' });
    tasks.service.clock.advance(120_000);
    await tasks.territory.event(
      'Call Logged',
      { channel: 'liaison-call', topics: ['side-effects'], note: 'rash' },
      { memberId: 'leo' },
    );
    const { body: sales } = await tasks.get(`tasks/${taskId}`, tasks.as.mia).expect(200);
    expect(sales).toMatchObject({ kind: 'handover', memberId: 'leo', about: '', topics: [] });
    expect(JSON.stringify(sales)).not.toContain('rash');
    expect(sales.history.lastTouches[0]).toMatchObject({ channelId: 'liaison-call', note: null, topics: [] });
    expect(JSON.stringify(await tasks.list('', tasks.as.mia))).not.toContain('rash');
    const { body: medical } = await tasks.get(`tasks/${taskId}`, tasks.as.leo).expect(200);
    expect(medical).toMatchObject({ about: 'a rash', topics: ['side-effects'] });
    expect(medical.history.openQuestions.map(({ text }: { text: string }) => text)).toContain(
      'Is a rash common?',
    );
    await tasks.service.database.query(`delete from contact_rules where rule_id = 'firewall'`);
    await tasks.service.database.query(`update versions set version = version + 1`);
  });
});

describe('what becomes of a task', () => {
  it('is done once; said again it changes nothing, and what is done is not changed any more', async () => {
    const { taskId } = await make();
    const { body } = await tasks
      .post(`tasks/${taskId}/completions`, { note: 'explained' }, tasks.as.leo)
      .expect(201);
    expect(body).toMatchObject({ state: 'completed', endedBy: 'leo', note: 'explained' });
    tasks.service.clock.advance(60_000);
    const again = await tasks
      .post(`tasks/${taskId}/completions`, { note: 'twice' }, tasks.as.leo)
      .expect(201);
    expect(again.body).toMatchObject({ note: 'explained', endedAt: body.endedAt });
    await tasks.post(`tasks/${taskId}/cancellations`, { reason: 'late' }, tasks.as.leo).expect(409);
    await tasks.post(`tasks/${taskId}/assignments`, { memberId: 'mia' }, tasks.as.leo).expect(409);
  });

  it('answers the customer’s question for everybody', async () => {
    await tasks.territory.event('Question Asked', { topic: 'storage', text: 'Must it be cold?' });
    const { taskId } = await make({ about: 'storage', topics: ['storage'] });
    tasks.service.clock.advance(600_000);
    const answers = [{ topic: 'storage', text: 'Below 25 degrees' }];
    await tasks.post(`tasks/${taskId}/completions`, { answers }, tasks.as.leo).expect(201);
    const { body } = await tasks
      .get('accounts/clinic/timeline?kind=event&limit=100', tasks.as.mia)
      .expect(200);
    const shown = body.items.filter(({ topics }: { topics: string[] }) => topics.includes('storage'));
    expect(shown).toMatchObject([
      { name: 'Question Answered', text: 'Below 25 degrees', memberId: 'leo' },
      { name: 'Question Asked', state: 'answered' },
    ]);
  });

  it('goes to another member, who is told', async () => {
    const { taskId } = await make();
    const { body } = await tasks
      .post(`tasks/${taskId}/assignments`, { memberId: 'tara', dueAt: '2026-03-06' }, tasks.as.leo)
      .expect(201);
    expect(body).toMatchObject({ memberId: 'tara', dueAt: '2026-03-06T14:30:00.000Z' });
    expect((await told()).at(-1)).toMatchObject({ member_ids: ['tara'], data: { reassigned: true } });
    const errors = async (more: object) =>
      (await tasks.post(`tasks/${taskId}/assignments`, more).expect(422)).body.errors[0].pointer;
    expect(await errors({})).toBe('/role');
    expect(await errors({ role: 'service', memberId: 'mia' })).toBe('/memberId');
    expect(await errors({ role: 'service', dueAt: '2020-01-01' })).toBe('/dueAt');
    await tasks.post(`tasks/${taskId}/assignments`, { memberId: 'nobody' }).expect(404);
  });

  it('is called off with a reason', async () => {
    const { taskId } = await make({}, tasks.as.mia);
    await tasks.post(`tasks/${taskId}/cancellations`, {}, tasks.as.mia).expect(422);
    const { body } = await tasks
      .post(`tasks/${taskId}/cancellations`, { reason: 'she found it' }, tasks.as.mia)
      .expect(201);
    expect(body).toMatchObject({ state: 'cancelled', note: 'she found it', endedBy: 'mia' });
    await tasks.post(`tasks/${taskId}/completions`, {}, tasks.as.leo).expect(409);
  });

  it('is neither seen nor touched by another account’s manager, and changed by those concerned only', async () => {
    const { taskId } = await make({}, tasks.as.leo);
    await tasks.get(`tasks/${taskId}`, tasks.as.eve).expect(404);
    for (const [path, body] of [
      ['completions', {}],
      ['cancellations', { reason: 'x' }],
      ['assignments', { memberId: 'eve' }],
    ] as const) {
      await tasks.post(`tasks/${taskId}/${path}`, body, tasks.as.eve).expect(404);
      await tasks.post(`tasks/${taskId}/${path}`, body, tasks.as.mia).expect(403);
      await tasks.post(`tasks/none/${path}`, body, tasks.as.mia).expect(404);
    }
    await tasks.post('tasks', asked(), tasks.as.eve).expect(404);
    expect(await tasks.list('', tasks.as.eve)).toHaveLength(0);
    const { body } = await tasks.get(`tasks/${taskId}`, tasks.as.leo).expect(200);
    expect(body.state).toBe('open');
  });
});
