import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY } from '../../src/shared/index.js';
import { OverdueTasks, RaiseAlert } from '../../src/workflows/index.js';
import { TEST_NOW } from '../support/service.js';
import { startTasks, type Tasks } from '../support/tasks.js';

let tasks: Tasks;

beforeAll(async () => {
  tasks = await startTasks();
});
afterAll(() => tasks?.service.close());
beforeEach(() => tasks.forget());

describe('a promise', () => {
  it('is a task from the moment it is told of, and is done when it is told to be kept', async () => {
    await tasks.promise();
    expect(await tasks.list('?memberId=mia')).toMatchObject([
      { kind: 'promise', about: 'send the study', dueAt: '2026-03-04T17:00:00.000Z', contactId: 'jones' },
    ]);
    tasks.service.clock.advance(60_000);
    await tasks.territory.event('Promise Kept', { promiseId: 'p1' }, { memberId: 'mia' });
    expect(await tasks.list('?state=open')).toHaveLength(0);
    expect(await tasks.list('?state=completed')).toMatchObject([{ about: 'send the study', endedBy: 'mia' }]);
  });

  it('is done at once when it is told of after it was kept, and no other promise is', async () => {
    const at = (minutes: number) =>
      new Date(tasks.service.clock.now().getTime() + minutes * 60_000).toISOString();
    tasks.service.clock.advance(600_000);
    const keptThen = { memberId: 'mia', occurredAt: at(-2) };
    await tasks.territory.event('Promise Kept', { promiseId: 'late' }, keptThen);
    await tasks.territory.event('Promise Kept', { what: 'call back' }, { ...keptThen, occurredAt: at(-1) });
    await tasks.promise({ what: 'send the paper' }, 'late', at(-5));
    expect(await tasks.list('?state=open')).toHaveLength(0);
    await tasks.promise({ what: 'call back' }, 'later', at(-5));
    expect(await tasks.list('?state=open')).toHaveLength(0);
    const smith = { memberId: 'mia', contactId: 'smith', accountId: 'other' };
    await tasks.territory.event('Promise Kept', {}, { ...smith, occurredAt: at(-1) });
    await tasks.territory.event(
      'Promise Made',
      { what: 'visit her' },
      { ...smith, messageId: 'only', occurredAt: at(-3) },
    );
    expect(await tasks.list('?state=open')).toHaveLength(0);
    // the words are used up, and what is promised now was not kept before
    await tasks.promise({ what: 'call back' }, 'again', at(-4));
    await tasks.promise({ what: 'send the paper' }, 'new', at(0));
    const open = await tasks.list('?state=open');
    expect(open.map(({ about }: { about: string }) => about).sort()).toEqual(['call back', 'send the paper']);
    for (const { taskId } of open)
      await tasks.post(`tasks/${taskId}/completions`, {}, tasks.as.mia).expect(201);
  });

  it('is kept in the log when its task is done', async () => {
    await tasks.promise({}, 'p2');
    const [{ taskId }] = await tasks.list('?state=open');
    await tasks.post(`tasks/${taskId}/completions`, { note: 'sent' }, tasks.as.mia).expect(201);
    await tasks.post(`tasks/${taskId}/completions`, { note: 'sent' }, tasks.as.mia).expect(201);
    const kept = await tasks.service.database.query(
      `select member_id from events where name = 'Promise Kept' and properties->>'taskId' = $1`,
      [taskId],
    );
    expect(kept).toEqual([{ member_id: 'mia' }]);
  });

  it('is not closed by a word that may mean another one', async () => {
    await tasks.promise({ what: 'one thing' }, 'p3');
    await tasks.promise({ what: 'another thing' }, 'p4');
    await tasks.territory.event('Promise Kept', {}, { memberId: 'mia' });
    expect(await tasks.list('?state=open')).toHaveLength(2);
    await tasks.territory.event('Promise Kept', { what: 'another thing' }, { memberId: 'mia' });
    expect(await tasks.list('?state=open')).toMatchObject([{ about: 'one thing' }]);
  });

  it('makes no task when it comes from an import or from a browser', async () => {
    const old = {
      messageId: 'old',
      name: 'Promise Made',
      contactId: 'jones',
      occurredAt: '2026-01-01T00:00:00Z',
      properties: { what: 'past', dueAt: '2026-01-02' },
    };
    const { authorization } = await tasks.service.key(['admin']);
    await tasks.service.http
      .post('/api/v1/imports/events')
      .set({ authorization, 'content-type': 'application/x-ndjson' })
      .send(`${JSON.stringify(old)}\n`)
      .expect(({ status }) => expect(status).toBeLessThan(300));
    const browser = await tasks.service.key(['ingest:public']);
    await tasks.post(
      'events',
      { events: [{ ...old, messageId: 'b', occurredAt: TEST_NOW.toISOString() }] },
      browser.authorization,
    );
    expect(await tasks.list()).toHaveLength(0);
  });

  it('goes with a contact whose account becomes known later', async () => {
    const made = { what: 'call the newcomer', dueAt: '2026-03-09' };
    await tasks.territory.event('Promise Made', made, {
      accountId: undefined,
      contactId: 'newcomer',
      memberId: 'mia',
      messageId: 'p6',
    });
    expect(await tasks.list('?accountId=newcomer')).toHaveLength(1);
    await tasks.territory.event('Page Viewed', {}, { contactId: 'newcomer', messageId: 'p7' });
    expect(await tasks.list('?accountId=newcomer')).toHaveLength(0);
    expect(await tasks.list('?accountId=clinic')).toMatchObject([
      { about: 'call the newcomer', contactId: 'newcomer' },
    ]);
  });

  it('raises an alert when nobody has kept it in time, once, to the one who gave it', async () => {
    const { authorization: admin } = await tasks.service.key(['admin']);
    await tasks.service.http
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
    await tasks.promise({ what: 'bring samples' }, 'p5');
    const overdue = tasks.service.app.get(OverdueTasks, { strict: false });
    expect(await overdue.runDue()).toBe(0);
    tasks.service.clock.advance(3 * DAY);
    const found = await Promise.all([overdue.runDue(), overdue.runDue()]);
    expect(found[0] + found[1]).toBe(1);
    expect(await overdue.runDue()).toBe(0);
    await tasks.service.app.get(RaiseAlert, { strict: false }).runDue(tasks.service.clock.now());
    const { body } = await tasks.get('alerts', tasks.as.mia).expect(200);
    expect(body.items).toMatchObject([{ memberId: 'mia', accountId: 'clinic', contactId: 'jones' }]);
    expect(body.items[0].message).toContain('bring samples');
    expect((await tasks.get('alerts', tasks.as.eve).expect(200)).body.items).toHaveLength(0);
    expect(await tasks.list('?overdue=true')).toMatchObject([{ about: 'bring samples', overdue: true }]);
  });
});
