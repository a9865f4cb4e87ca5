import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY, MINUTE } from '../../src/shared/index.js';
import { startSuggestions, type Suggestions } from '../support/suggestions.js';

let desk: Suggestions;

beforeAll(async () => {
  desk = await startSuggestions();
});
afterAll(() => desk?.service.close());
beforeEach(() => desk.forget());

describe('responses', () => {
  it('can be taken back for a while by whoever gave them, and what was comes back', async () => {
    const { suggestionId } = await desk.withAction('talk-dosage', 'visit');
    const { body } = await desk
      .respond(suggestionId, { kind: 'dismissed', reason: 'wrong-product' })
      .expect(201);
    expect(body).toMatchObject({
      state: 'dismissed',
      responseId: expect.any(String),
      undoUntil: expect.any(String),
    });
    await desk.undo(suggestionId, body.responseId, desk.leo).expect(409);
    const { body: back } = await desk.undo(suggestionId, body.responseId).expect(200);
    expect(back).toMatchObject({ suggestionId, state: 'open' });
    await desk.undo(suggestionId, body.responseId).expect(200);
    await desk.undo(suggestionId, 'nothing').expect(404);
    const { suggestions } = await desk.territory.recommend({ limit: 10 });
    expect(suggestions.map((one) => one.suggestionId)).toContain(suggestionId);
    const again = await desk.respond(suggestionId, { kind: 'dismissed' }).expect(201);
    desk.service.clock.advance(16 * MINUTE);
    const { body: late } = await desk.undo(suggestionId, again.body.responseId).expect(409);
    expect(late).toMatchObject({ current: { state: 'dismissed' } });
  });

  it('of two colleagues do not cross: the second hears how it stands and who has it', async () => {
    const { suggestionId } = await desk.withAction('talk-dosage', 'visit');
    await desk.respond(suggestionId, { kind: 'accepted', ifState: 'open' }).expect(201);
    const { body } = await desk.respond(suggestionId, { kind: 'accepted' }, desk.leo).expect(409);
    expect(body).toMatchObject({
      current: { state: 'accepted', taken: { kind: 'accepted', memberId: 'mia' } },
    });
    await desk.respond(suggestionId, { kind: 'completed', ifState: 'open' }).expect(409);
    expect((await desk.list('', desk.leo)).find((one) => one.suggestionId === suggestionId)).toMatchObject({
      taken: { kind: 'accepted', memberId: 'mia', name: 'mia' },
    });
  });

  it('given at the same time by many are taken from one of them', async () => {
    const { suggestionId } = await desk.withAction('talk-dosage', 'visit');
    const answers = await Promise.all(
      [desk.mia, desk.leo, desk.mia, desk.leo, desk.mia, desk.leo].map((who) =>
        desk.respond(suggestionId, { kind: 'accepted', ifState: 'open' }, who),
      ),
    );
    const [row] = await desk.service.database.query<{ n: number }[]>(
      'select count(*)::int as n from responses',
    );
    expect(row?.n).toBe(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(3);
  });
});

describe('the reason of a dismissal', () => {
  const explained = async () => {
    const { candidates } = await desk.territory.recommend({ limit: 10, explain: true, fresh: true });
    return candidates as {
      actionId: string;
      channelId: string;
      priority: number | null;
      lowered?: { because: string; factor: number }[];
    }[];
  };

  it('"wrong channel" lowers the channel for the contact, in sight of whoever asks why', async () => {
    const talk = await desk.withAction('talk-dosage', 'visit');
    const before = (await explained()).find(
      (one) => one.actionId === 'offer-p' && one.channelId === 'visit',
    )!;
    await desk.respond(talk.suggestionId, { kind: 'dismissed', reason: 'wrong-channel' }).expect(201);
    const after = (await explained()).find((one) => one.actionId === 'offer-p' && one.channelId === 'visit')!;
    expect(after.lowered).toMatchObject([
      { factor: 0.4, because: expect.stringContaining('channel was called wrong') },
    ]);
    expect(after.priority).toBeNull();
    desk.service.clock.advance(70 * DAY);
    const rested = (await explained()).find(
      (one) => one.actionId === 'offer-p' && one.channelId === 'visit',
    )!;
    expect(rested.lowered).toMatchObject([{ factor: expect.closeTo(1 - 0.6 * 2 ** (-70 / 90), 3) }]);
    expect(rested.priority).toBeLessThan(before.priority!);
    const call = (await explained()).find((one) => one.channelId === 'liaison-call')!;
    expect(call.lowered).toBeUndefined();
  });

  it('"wrong time" moves the slot to other hours', async () => {
    const talk = await desk.withAction('talk-dosage', 'visit');
    const offer = (await desk.list('?state=open')).find(({ action }) => action.id === 'offer-p')!;
    expect(offer.slot.from).toBe(talk.slot.from);
    const hours = (one: { slot: { from: string; to: string } }) => [
      one.slot.from.slice(11, 16),
      one.slot.to.slice(11, 16),
    ];
    await desk.respond(talk.suggestionId, { kind: 'dismissed', reason: 'wrong-time' }).expect(201);
    const moved = await desk.withAction('offer-p', 'visit');
    expect(hours(moved)[1]).not.toBe(hours(offer)[1]);
  });

  it('"not compliant" makes a task for compliance, and silences the action for the account until it is reviewed', async () => {
    const talk = await desk.withAction('talk-dosage', 'visit');
    await desk
      .respond(talk.suggestionId, {
        kind: 'dismissed',
        reason: 'not-compliant',
        note: 'off label',
      })
      .expect(201);
    const [task] =
      await desk.service.database.query<{ role: string; state: string; about: string; task_id: string }[]>(
        'select * from tasks',
      );
    expect(task).toMatchObject({
      role: 'compliance',
      state: 'open',
      about: expect.stringContaining('off label'),
    });
    expect(await desk.told('task.created')).toHaveLength(1);
    const offered = async () =>
      (await desk.territory.recommend({ limit: 10 })).suggestions.map(({ action }) => action.id);
    desk.service.clock.advance(400 * DAY);
    expect(await offered()).not.toContain('talk-dosage');
    const review = (who: string) =>
      desk.service.http
        .post(`/api/v1/suggestions/${talk.suggestionId}/reviews`)
        .set({ authorization: who })
        .send({ verdict: 'cleared' });
    await review(desk.mia).expect(403);
    await desk.territory.put('team-members/cora', { name: 'Cora', role: 'compliance' });
    const cora = (await desk.service.key(['read', 'feedback'], { memberId: 'cora' })).authorization;
    await review(cora).expect(201);
    await review(cora).expect(409);
    expect(await offered()).toContain('talk-dosage');
    const [done] = await desk.service.database.query<{ state: string }[]>('select state from tasks');
    expect(done).toMatchObject({ state: 'completed' });
  });
});
