import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE } from '../../src/shared/index.js';
import { type AlertDesk, plainRule, startAlertDesk } from '../support/alerts.js';
import { startTestService } from '../support/service.js';

const sideEffects = { event: 'Page Viewed', where: 'event.properties.topic == "side-effects"' };

let desk: AlertDesk;

beforeAll(async () => {
  desk = await startAlertDesk();
});
afterAll(() => desk?.close());
beforeEach(() => desk.laterWithoutRules());

const firings = async (): Promise<number | undefined> => {
  const [row] = await desk.service.database.query<{ n: number }[]>(
    `select count(*)::int as n from trigger_firings where state = 'waiting'`,
  );
  return row?.n;
};

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
    const { body: first } = await desk.put('trigger-rules/kept', body).expect(200);
    expect(first).toEqual({ ...body, ruleId: 'kept', version: expect.any(Number) });
    const { body: same } = await desk.put('trigger-rules/kept', body).expect(200);
    expect(same.version).toBe(first.version);
    const { body: changed } = await desk.put('trigger-rules/kept', { ...body, count: 3 }).expect(200);
    expect(changed.version).toBe(first.version + 1);
    expect((await desk.get('trigger-rules/kept').expect(200)).body).toEqual(changed);
    await desk.remove('kept').expect(204);
    await desk.get('trigger-rules/kept').expect(404);
    const { authorization } = await desk.service.key(['audit']);
    const trail = await desk.get('audit-entries?subjectId=kept', authorization);
    expect(trail.body.items.map(({ action }: { action: string }) => action)).toContain(
      'trigger-rule.removed',
    );
  });

  it('checks expressions and words, with a pointer to each that is wrong', async () => {
    const { body } = await desk
      .put('trigger-rules/wrong', {
        ...plainRule,
        when: { event: 'Page Viewed', where: 'account.attributes.bed > 3.0' },
        unless: { event: 'Order Completed', where: 'features.nothing > 1.0', withinHours: 3 },
        message: { en: '{someone} was here', fa: '{count, plural, one {x}}' },
      })
      .expect(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/when/where',
      '/unless/where',
      '/message/en',
      '/message/fa',
    ]);
    const { body: fields } = await desk
      .put('trigger-rules/wrong', {
        ...plainRule,
        when: { event: '' },
        count: 0,
        role: 'king',
      })
      .expect(422);
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
    expect(await desk.import('trigger-rules', ...lines)).toMatchObject({ accepted: 1, rejectedCount: 1 });
    await desk.get('trigger-rules/from-file').expect(200);
    await desk.get('trigger-rules/wrong-file').expect(404);
  });

  it('admits what an event, an account, a contact and features are', async () => {
    const where =
      'event.properties.topic == "dosage" && account.attributes.beds > 100.0 && contact.name != "" && features.reads3 > 0.0';
    await desk.rule('all', { when: { event: 'Page Viewed', where } });
    await desk.read('dosage');
    await desk.raiseDue();
    expect(await desk.raised('all')).toHaveLength(1);
  });
});

describe('a trigger rule', () => {
  it('alerts the account manager with evidence and a next step when the count is reached', async () => {
    await desk.rule('twice', {
      when: sideEffects,
      count: 2,
      message: { en: '{contact} read it {count, plural, one {once} =2 {twice} other {# times}} today.' },
    });
    await desk.read('side-effects');
    expect(await desk.raiseDue()).toBe(0);
    desk.service.clock.advance(10 * MINUTE);
    await desk.read('side-effects');
    expect(await desk.raiseDue()).toBe(1);
    const [alert] = await desk.raised('twice');
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
    const [message] = await desk.service.database.query<
      { data: { alertId: string }; member_ids: string[] }[]
    >(`select data, member_ids from outbox where type = 'alert.raised' and data ->> 'alertId' = $1`, [
      alert!.alertId,
    ]);
    expect(message?.member_ids).toEqual(['mia']);
    const [decision] = await desk.service.database.query<{ n: number }[]>(
      'select count(*)::int as n from decisions d join alerts a using (decision_id) where a.alert_id = $1',
      [alert!.alertId],
    );
    expect(decision?.n).toBe(1);
  });

  it('is silent within its cool-down, on both sides of any border, and speaks again after it', async () => {
    await desk.rule('rests', { when: { event: 'Form Submitted' }, cooldownHours: 2 });
    // minutes before a multiple of two hours since 1970, and after it
    const border = Math.ceil(desk.service.clock.now().getTime() / (2 * HOUR)) * 2 * HOUR;
    desk.service.clock.set(new Date(border - MINUTE));
    await desk.territory.event('Form Submitted', {});
    desk.service.clock.set(new Date(border + MINUTE));
    await desk.territory.event('Form Submitted', {});
    desk.service.clock.set(new Date(border + 2 * HOUR));
    await desk.territory.event('Form Submitted', {});
    await desk.raiseDue();
    expect(await desk.raised('rests')).toHaveLength(2);
  });

  it('does not fire when something speaks against it, and counts each contact for itself', async () => {
    await desk.territory.put('contacts/brown', { accountId: 'clinic', name: 'Brown' });
    await desk.rule('unless', {
      when: { event: 'Product Viewed' },
      unless: { event: 'Order Completed', withinHours: 5 },
      count: 2,
    });
    await desk.territory.event('Order Completed', {}, { contactId: 'brown' });
    await desk.territory.event('Product Viewed', { productId: 'P' });
    await desk.territory.event('Product Viewed', { productId: 'P' }, { contactId: 'brown' });
    await desk.territory.event('Product Viewed', { productId: 'P' }, { contactId: 'brown' });
    expect(await desk.raiseDue()).toBe(0);
    await desk.territory.event('Product Viewed', { productId: 'P' });
    expect(await desk.raiseDue()).toBe(1);
    expect((await desk.raised('unless')).map(({ contactId }) => contactId)).toEqual(['jones']);
  });

  it('does not fire for what came too late, was imported, replayed, or joined to a visitor afterwards', async () => {
    await desk.rule('late', { when: { event: 'Form Submitted' }, maxLatenessHours: 2 });
    const early = new Date(desk.service.clock.now().getTime() - 3 * HOUR).toISOString();
    await desk.territory.event('Form Submitted', {}, { occurredAt: early });
    const row = {
      messageId: 'imported-form',
      source: 'old',
      name: 'Form Submitted',
      accountId: 'clinic',
      occurredAt: desk.service.clock.now().toISOString(),
      properties: {},
    };
    expect(await desk.import('events', row)).toMatchObject({ accepted: 1 });
    await desk
      .post('events', {
        events: [{ ...row, messageId: 'visitor', accountId: undefined, anonymousId: 'someone' }],
      })
      .expect(200);
    await desk.service.http
      .post('/v1/identify')
      .set({ authorization: desk.territory.authorization })
      .send({ messageId: 'joins', userId: 'jones', anonymousId: 'someone', traits: {} })
      .expect(200);
    expect(await firings()).toBe(0);
    await desk.territory.event('Form Submitted', {});
    expect(await firings()).toBe(1);
    await desk.raiseDue();
  });

  it('waits for what is expected, and alerts only when it has not come by then', async () => {
    await desk.rule('absent', {
      when: { event: 'Product Added' },
      unless: { event: 'Order Completed', withinHours: 3, looks: 'ahead' },
      cooldownHours: 1,
    });
    await desk.territory.event('Product Added', { productId: 'P' });
    desk.service.clock.advance(2 * HOUR);
    expect(await desk.raiseDue()).toBe(0);
    await desk.territory.event('Order Completed', {});
    desk.service.clock.advance(2 * HOUR);
    expect(await desk.raiseDue()).toBe(0);
    await desk.territory.event('Product Added', { productId: 'P' });
    desk.service.clock.advance(3 * HOUR);
    expect(await desk.raiseDue()).toBe(1);
    expect(await desk.raised('absent')).toHaveLength(1);
  });

  it('takes an import into account that tells of what was waited for', async () => {
    await desk.rule('absent-import', {
      when: { event: 'Product Added' },
      unless: { event: 'Order Completed', withinHours: 3, looks: 'ahead' },
    });
    await desk.territory.event('Product Added', { productId: 'P' });
    desk.service.clock.advance(HOUR);
    const ordered = {
      messageId: 'imported-order',
      source: 'shop',
      name: 'Order Completed',
      accountId: 'clinic',
      contactId: 'jones',
      occurredAt: desk.service.clock.now().toISOString(),
      properties: {},
    };
    expect(await desk.import('events', ordered)).toMatchObject({ accepted: 1 });
    desk.service.clock.advance(3 * HOUR);
    expect(await desk.raiseDue()).toBe(0);
  });

  it('speaks the language of the member, with her own digits', async () => {
    await desk.rule('persian', {
      when: { event: 'Form Submitted' },
      places: { desk: ['dora'] },
      message: { en: '{count} form', fa: '{count} فرم از {contact}' },
    });
    await desk.territory.event('Form Submitted', { placeId: 'desk' });
    await desk.raiseDue();
    const [alert] = await desk.raised('persian');
    expect(alert).toMatchObject({
      memberId: 'dora',
      message: '۱ فرم از Dr. Jones',
      title: 'Dr. Jones: ارسال فرم',
    });
  });

  it('is tried on a period that is over by the code that checks live events', async () => {
    await desk.rule('dry', { when: sideEffects, count: 2, cooldownHours: 6 });
    const from = desk.service.clock.now().toISOString();
    for (const hours of [0, 1, 2, 7, 1]) {
      desk.service.clock.advance(hours * HOUR);
      await desk.read('side-effects');
      await desk.raiseDue();
    }
    desk.service.clock.advance(MINUTE);
    const to = desk.service.clock.now().toISOString();
    const live = await desk.raised('dry');
    const { body } = await desk.post('trigger-rules/dry/dry-runs', { from, to }).expect(200);
    expect(body.matchedEvents).toBe(5);
    expect(body.alertCount).toBe(2);
    expect(live).toHaveLength(2);
    expect(body.alerts.map(({ evidence }: { evidence: object[] }) => evidence)).toEqual(
      live.map(({ evidence }) => evidence).reverse(),
    );
    await desk.post('trigger-rules/nothing/dry-runs', { from, to }).expect(404);
    await desk.post('trigger-rules/dry/dry-runs', { from: to, to: from }).expect(422);
  });
});
