import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { overdueEvents } from '../../src/alerts/index.js';
import type { AccountId, ContactId, MemberId } from '../../src/catalogue/index.js';
import { HOUR, MINUTE, Transactions } from '../../src/shared/index.js';
import { AlertConcerns } from '../../src/workflows/index.js';
import { type AlertDesk, alertsOf, escalateDue, startAlertDesk } from '../support/alerts.js';

let desk: AlertDesk;

beforeAll(async () => {
  desk = await startAlertDesk();
});
afterAll(() => desk?.close());
beforeEach(() => desk.laterWithoutRules());

describe('what other workflows are concerned about', () => {
  it('is alerted by the rule of its name to whom it concerns, once for each subject within the cool-down', async () => {
    await desk.rule('overdue', {
      when: { event: overdueEvents.promise },
      message: { en: 'Overdue: {what}, due {dueAt, time}' },
      cooldownHours: 48,
    });
    const concerns = desk.service.app.get(AlertConcerns, { strict: false });
    const transactions = desk.service.app.get(Transactions, { strict: false });
    const about = (subject: string) =>
      transactions.run((within) =>
        concerns.about(
          {
            event: overdueEvents.promise,
            accountId: 'clinic' as AccountId,
            contactId: 'jones' as ContactId,
            subject,
            memberIds: ['leo' as MemberId],
            at: desk.service.clock.now(),
            properties: { what: 'send the study', dueAt: '2026-03-02T09:00:00Z' },
          },
          within,
        ),
      );
    expect(await about('task-1')).toBe(1);
    desk.service.clock.advance(HOUR);
    expect(await about('task-1')).toBe(0);
    expect(await about('task-2')).toBe(1);
    while ((await desk.raiseDue()) > 0);
    const alerts = await desk.raised('overdue');
    expect(alerts).toHaveLength(2);
    expect(alerts[0]).toMatchObject({ memberId: 'leo', message: 'Overdue: send the study, due 10:00' });
  });
});

describe('an alert', () => {
  const form = { when: { event: 'Form Submitted' }, cooldownHours: 0 };

  it('is seen by its member and the team of the account, and by nobody else', async () => {
    await desk.territory.put('team-members/eve', { name: 'Eve', role: 'account-manager' });
    const eve = await desk.service.key(['read', 'feedback'], { memberId: 'eve' });
    await desk.rule('own', form);
    await desk.territory.event('Form Submitted', {});
    await desk.raiseDue();
    const [alert] = await desk.raised('own');
    expect((await alertsOf(desk.service, desk.mia)).map(({ alertId }) => alertId)).toContain(alert!.alertId);
    expect(await alertsOf(desk.service, eve)).toEqual([]);
    await desk.post(`alerts/${alert!.alertId}/acknowledgements`, {}, eve.authorization).expect(404);
    await desk.get('alerts?accountId=clinic', eve.authorization).expect(404);
    await desk.post('alerts/nothing/acknowledgements').expect(404);
  });

  it('is taken once for all who were told of the same thing', async () => {
    await desk.rule('both', { ...form, places: { booth: ['mia', 'dora'] } });
    await desk.territory.event('Form Submitted', { placeId: 'booth' });
    await desk.raiseDue();
    const [one, other] = await desk.raised('both');
    expect(new Set([one!.memberId, other!.memberId])).toEqual(new Set(['mia', 'dora']));
    const { body } = await desk
      .post(`alerts/${one!.alertId}/acknowledgements`, {}, desk.mia.authorization)
      .expect(201);
    expect(body).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'mia' });
    desk.service.clock.advance(MINUTE);
    const { body: again } = await desk.post(`alerts/${other!.alertId}/acknowledgements`).expect(201);
    expect(again).toMatchObject({ acknowledgedBy: 'mia', acknowledgedAt: body.acknowledgedAt });
    expect(await desk.raised('both', { state: 'open' })).toEqual([]);
  });

  it('goes to the deputy when nobody has seen it in time', async () => {
    await desk.rule('unseen', { ...form, escalateAfterMinutes: 30 });
    const dora = await desk.service.key(['read', 'feedback'], { memberId: 'dora' });
    await desk.territory.event('Form Submitted', {});
    await desk.raiseDue();
    desk.service.clock.advance(29 * MINUTE);
    expect(await escalateDue(desk.service)).toBe(0);
    desk.service.clock.advance(MINUTE);
    expect(await escalateDue(desk.service)).toBe(1);
    expect(await escalateDue(desk.service)).toBe(0);
    const [alert] = await desk.raised('unseen');
    expect(alert).toMatchObject({ memberId: 'mia', escalatedTo: 'dora' });
    const [message] = await desk.service.database.query<{ member_ids: string[] }[]>(
      `select member_ids from outbox where type = 'alert.raised' and data ->> 'alertId' = $1 order by occurred_at desc`,
      [alert!.alertId],
    );
    expect(message?.member_ids).toEqual(['dora']);
    await desk.post(`alerts/${alert!.alertId}/acknowledgements`, {}, dora.authorization).expect(201);
  });

  it('is over when the moment is that it is about', async () => {
    await desk.rule('moment', form);
    await desk.territory.event('Form Submitted', { validMinutes: 45 });
    await desk.raiseDue();
    const since = desk.service.clock.now().toISOString();
    desk.service.clock.advance(46 * MINUTE);
    expect(await desk.raised('moment')).toMatchObject([{ state: 'expired' }]);
    expect(await desk.raised('moment', { state: 'open' })).toEqual([]);
    expect(await desk.raised('moment', { state: 'expired', changedSince: since })).toHaveLength(1);
    await desk.territory.event(
      'Form Submitted',
      { validMinutes: 5 },
      {
        occurredAt: new Date(desk.service.clock.now().getTime() - 10 * MINUTE).toISOString(),
      },
    );
    expect(await desk.raiseDue()).toBe(0);
  });

  it('waits for the morning of its member, unless it is urgent', async () => {
    desk.service.clock.set(new Date(desk.service.clock.now().getTime() + 12 * HOUR));
    await desk.rule('night', form);
    await desk.rule('urgent', { ...form, priority: 95 });
    await desk.territory.event('Form Submitted', {});
    await desk.raiseDue();
    const [night] = await desk.raised('night');
    const morning = new Date(night!.heldUntil!);
    expect(morning.toLocaleTimeString('de-DE', { timeZone: 'Europe/Berlin' })).toBe('08:00:00');
    expect(morning > desk.service.clock.now()).toBe(true);
    expect((await desk.raised('urgent'))[0]?.heldUntil).toBeNull();
  });

  it('asks for attention so often an hour; what is more is joined to the latest', async () => {
    await desk.rule('many', form);
    for (let sent = 0; sent < 15; sent += 1) {
      desk.service.clock.advance(MINUTE);
      await desk.territory.event('Form Submitted', {});
      await desk.raiseDue();
    }
    const alerts = await desk.raised('many');
    const joined = alerts.filter(({ joinedTo }) => joinedTo !== null);
    expect(alerts).toHaveLength(15);
    expect(joined).toHaveLength(3);
    const head = alerts.find(({ alertId }) => alertId === joined[0]?.joinedTo);
    expect(head).toMatchObject({ joined: 3, joinedTo: null });
  });

  it('says so when its next step is no longer allowed', async () => {
    await desk.rule('refused', {
      when: { event: 'Question Asked' },
      cooldownHours: 0,
      context: { need: '{topic}' },
    });
    await desk.territory.event('Question Asked', { topic: 'dosage' });
    await desk.raiseDue();
    expect((await desk.raised('refused'))[0]?.suggestion).toMatchObject({ action: { id: 'talk-dosage' } });
    await desk
      .post('contacts/jones/consents', {
        channelId: 'visit',
        purpose: 'sales',
        status: 'withdrawn',
        source: 'contact',
      })
      .expect(201);
    const [alert] = await desk.raised('refused');
    expect(alert).toMatchObject({
      suggestion: null,
      because: expect.stringContaining('Withdrawn by the contact'),
    });
  });

  it('about what a customer asked is not for roles from which the firewall hides such questions', async () => {
    const question = { when: { event: 'Question Asked' }, cooldownHours: 0 };
    await desk.rule('for-sales', question);
    await desk.rule('for-medical', { ...question, role: 'medical-liaison' });
    await desk.territory.event('Question Asked', { topic: 'side-effects' });
    await desk.raiseDue();
    expect(await desk.raised('for-sales')).toEqual([]);
    const [alert] = await desk.raised('for-medical');
    expect(alert?.memberId).toBe('leo');
    expect((await alertsOf(desk.service, desk.mia)).map(({ alertId }) => alertId)).not.toContain(
      alert!.alertId,
    );
  });

  it('is listed newest first, page by page', async () => {
    const all = await alertsOf(desk.service, desk.territory, { limit: 500 });
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string | number> = cursor === null ? { limit: 7 } : { limit: 7, cursor };
      const { body } = await desk.get('alerts').query(query).expect(200);
      paged.push(...body.items.map(({ alertId }: { alertId: string }) => alertId));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual(all.map(({ alertId }) => alertId));
    expect(paged.length).toBeGreaterThan(20);
    await desk.get('alerts?cursor=nonsense').expect(422);
    await desk.get('alerts?state=sleeping').expect(422);
  });
});
