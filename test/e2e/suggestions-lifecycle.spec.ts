import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';
import { type AnsweredSuggestion, startTerritory, type Territory } from '../support/territory.js';

interface Listed extends AnsweredSuggestion {
  headline: string;
  because: string | null;
  taken: { kind: string; memberId: string | null; name: string | null } | null;
  names: Record<'account' | 'contact' | 'channel' | 'product' | 'content' | 'member', string | null>;
  alreadyTold: {
    at: string;
    channelId: string;
    by: { memberId: string | null; name: string | null };
    title: string;
  }[];
}

interface Told {
  type: string;
  data: Record<string, unknown>;
  member_ids: string[];
}

let service: TestService;
let territory: Territory;
let mia: string;
let leo: string;

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  mia = (await service.key(['read', 'score', 'feedback'], { memberId: 'mia' })).authorization;
  leo = (await service.key(['read', 'score', 'feedback'], { memberId: 'leo' })).authorization;
});
afterAll(() => service.close());
beforeEach(async () => {
  await service.database.query(
    'truncate suggestions, responses, open_questions, outbox, touches, threads, quotes, tasks, events',
  );
  await service.database.query(
    'update account_state set policy_epoch = policy_epoch + 1, state = null, feature_set = null, state_sequence = state_sequence + 1',
  );
  service.clock.advance(3_600_000);
});

const list = async (query = '', authorization = territory.authorization): Promise<Listed[]> => {
  const { body } = await service.http.get(`/api/v1/suggestions${query}`).set({ authorization }).expect(200);
  return body.items;
};
const respond = (suggestionId: string, body: object, authorization = mia) =>
  service.http.post(`/api/v1/suggestions/${suggestionId}/responses`).set({ authorization }).send(body);
const undo = (suggestionId: string, responseId: string, authorization = mia) =>
  service.http.delete(`/api/v1/suggestions/${suggestionId}/responses/${responseId}`).set({ authorization });
const told = async (type?: string): Promise<Told[]> =>
  (
    await service.database.query<Told[]>(
      'select type, data, member_ids from outbox order by occurred_at, message_id',
    )
  ).filter((message) => type === undefined || message.type === type);
const stateOf = async (suggestionId: string) =>
  (await list()).find((one) => one.suggestionId === suggestionId)!;
const withAction = async (actionId: string, channelId: string): Promise<AnsweredSuggestion> => {
  const { suggestions } = await territory.recommend({ limit: 10 });
  const found = suggestions.find((one) => one.action.id === actionId && one.channelId === channelId);
  if (!found) throw new Error(`${actionId} is not suggested on ${channelId}`);
  return found;
};

describe('what others are told', () => {
  it('is each new suggestion once, in the transaction that makes it', async () => {
    const { suggestions } = await territory.recommend({ limit: 3 });
    const created = await told('suggestion.created');
    expect(created.map(({ data }) => data['suggestionId']).sort()).toEqual(
      suggestions.map(({ suggestionId }) => suggestionId).sort(),
    );
    await territory.recommend({ limit: 3, fresh: true });
    await territory.recommend({ limit: 3, dryRun: true });
    expect(await told('suggestion.created')).toHaveLength(created.length);
  });

  it('is what was said, and to those who see it that it is over', async () => {
    const { suggestionId } = await withAction('talk-dosage', 'visit');
    await respond(suggestionId, { kind: 'accepted' }).expect(201);
    service.clock.advance(1000);
    await respond(suggestionId, { kind: 'completed', note: 'went well' }).expect(201);
    expect(
      (await told('suggestion.responded')).map(({ data }) => [data['kind'], data['memberId'], data['note']]),
    ).toEqual([
      ['accepted', 'mia', null],
      ['completed', 'mia', 'went well'],
    ]);
    expect(await told('suggestion.closed')).toMatchObject([{ data: { suggestionId, state: 'completed' } }]);
  });

  it('is what gave way to a newer answer', async () => {
    const { suggestions } = await territory.recommend({ limit: 3 });
    service.clock.advance(1000);
    await territory.event('Content Viewed', { topic: 'dosage' });
    await service.http
      .post(`/api/v1/suggestions/${suggestions[0]!.suggestionId}/responses`)
      .set({ authorization: territory.authorization })
      .send({ kind: 'dismissed', reason: 'wrong-channel' })
      .expect(201);
    await territory.recommend({ limit: 3 });
    const gone = (await list('?state=superseded')).map((one) => one.suggestionId);
    expect(
      (await told('suggestion.closed'))
        .filter(({ data }) => data['state'] === 'superseded')
        .map(({ data }) => data['suggestionId'])
        .sort(),
    ).toEqual(gone.sort());
    expect(gone.length).toBeGreaterThan(0);
  });

  it('is what the policy takes back', async () => {
    const { suggestionId } = await withAction('talk-dosage', 'visit');
    await territory.put('contact-rules/no-visits', {
      kind: 'cap',
      limit: 1,
      days: 30,
      per: 'contact',
      channelId: 'visit',
    });
    await territory.event('Visit Logged', { channel: 'visit', topic: 'guidelines' });
    await list('?state=open');
    await list('?state=open');
    const withdrawn = (await told('suggestion.withdrawn')).map(({ data }) => data['suggestionId']);
    expect(withdrawn.filter((id) => id === suggestionId)).toHaveLength(1);
    await service.http
      .delete('/api/v1/contact-rules/no-visits')
      .set({ authorization: territory.authorization });
  });
});

describe('an event that contradicts', () => {
  it('completes what its own member did, closes what a colleague did, and says so', async () => {
    const own = await withAction('talk-dosage', 'visit');
    await territory.event('Visit Logged', { channel: 'visit', topic: 'dosage' }, { memberId: 'mia' });
    expect(await stateOf(own.suggestionId)).toMatchObject({
      state: 'completed',
      because: 'The visit was logged.',
      taken: { kind: 'completed', memberId: 'mia', name: 'mia' },
    });
    const call = await withAction('answer-safety', 'liaison-call');
    await territory.event(
      'Call Logged',
      { channel: 'liaison-call', topic: 'side-effects' },
      { memberId: 'mia' },
    );
    expect(await stateOf(call.suggestionId)).toMatchObject({
      state: 'withdrawn',
      because: 'A colleague (mia) did it: the call was logged.',
    });
    const inPersian = await service.http
      .get('/api/v1/suggestions?state=withdrawn')
      .set({ authorization: territory.authorization, 'accept-language': 'fa' });
    expect((inPersian.body as { items: { suggestionId: string }[] }).items).toContainEqual(
      expect.objectContaining({
        suggestionId: call.suggestionId,
        because: 'همکاری (mia) آن را انجام داد: تماس ثبت شد.',
      }),
    );
    const over = (await told('suggestion.closed')).map(({ data }) => data['suggestionId']);
    expect(over.filter((id) => id === own.suggestionId || id === call.suggestionId)).toHaveLength(2);
    const { suggestions } = await territory.recommend({ limit: 10 });
    expect(suggestions.map(({ action }) => action.id)).not.toContain('talk-dosage');
    expect(suggestions.map(({ action }) => action.id)).not.toContain('answer-safety');
  });

  it('ends offers of what was ordered, and selling during a complaint', async () => {
    const offer = await withAction('offer-p', 'visit');
    const talk = (await list('?state=open')).find(({ action }) => action.id === 'talk-dosage')!;
    await territory.event('Order Completed', { productId: 'P', products: [{ product_id: 'P' }] });
    expect(await stateOf(offer.suggestionId)).toMatchObject({
      state: 'withdrawn',
      because: 'The order for this product came.',
    });
    expect(await stateOf(talk.suggestionId)).toMatchObject({ state: 'open' });
    await territory.event('Complaint Opened', { conversationId: 'c1' });
    expect(await stateOf(talk.suggestionId)).toMatchObject({
      because: 'A complaint was opened: it comes first.',
    });
  });

  it('is no import: what happened long ago closes nothing', async () => {
    const own = await withAction('talk-dosage', 'visit');
    await territory.event(
      'Visit Logged',
      { channel: 'visit', topic: 'dosage' },
      { memberId: 'mia', occurredAt: '2026-02-01T10:00:00Z' },
    );
    expect(await stateOf(own.suggestionId)).toMatchObject({ state: 'open' });
  });
});

describe('responses', () => {
  it('can be taken back for a while by whoever gave them, and what was comes back', async () => {
    const { suggestionId } = await withAction('talk-dosage', 'visit');
    const { body } = await respond(suggestionId, { kind: 'dismissed', reason: 'wrong-product' }).expect(201);
    expect(body).toMatchObject({
      state: 'dismissed',
      responseId: expect.any(String),
      undoUntil: expect.any(String),
    });
    await undo(suggestionId, body.responseId, leo).expect(409);
    const { body: back } = await undo(suggestionId, body.responseId).expect(200);
    expect(back).toMatchObject({ suggestionId, state: 'open' });
    await undo(suggestionId, body.responseId).expect(200);
    await undo(suggestionId, 'nothing').expect(404);
    const { suggestions } = await territory.recommend({ limit: 10 });
    expect(suggestions.map((one) => one.suggestionId)).toContain(suggestionId);
    const again = await respond(suggestionId, { kind: 'dismissed' }).expect(201);
    service.clock.advance(16 * 60_000);
    const { body: late } = await undo(suggestionId, again.body.responseId).expect(409);
    expect(late).toMatchObject({ current: { state: 'dismissed' } });
  });

  it('of two colleagues do not cross: the second hears how it stands and who has it', async () => {
    const { suggestionId } = await withAction('talk-dosage', 'visit');
    await respond(suggestionId, { kind: 'accepted', ifState: 'open' }).expect(201);
    const { body } = await respond(suggestionId, { kind: 'accepted' }, leo).expect(409);
    expect(body).toMatchObject({
      current: { state: 'accepted', taken: { kind: 'accepted', memberId: 'mia' } },
    });
    await respond(suggestionId, { kind: 'completed', ifState: 'open' }).expect(409);
    expect((await list('', leo)).find((one) => one.suggestionId === suggestionId)).toMatchObject({
      taken: { kind: 'accepted', memberId: 'mia', name: 'mia' },
    });
  });

  it('given at the same time by many are taken from one of them', async () => {
    const { suggestionId } = await withAction('talk-dosage', 'visit');
    const answers = await Promise.all(
      [mia, leo, mia, leo, mia, leo].map((who) =>
        respond(suggestionId, { kind: 'accepted', ifState: 'open' }, who),
      ),
    );
    const [row] = await service.database.query<{ n: number }[]>('select count(*)::int as n from responses');
    expect(row?.n).toBe(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(3);
  });
});

describe('the reason of a dismissal', () => {
  const explained = async () => {
    const { candidates } = await territory.recommend({ limit: 10, explain: true, fresh: true });
    return candidates as {
      actionId: string;
      channelId: string;
      priority: number | null;
      lowered?: { because: string; factor: number }[];
    }[];
  };

  it('"wrong channel" lowers the channel for the contact, in sight of whoever asks why', async () => {
    const talk = await withAction('talk-dosage', 'visit');
    const before = (await explained()).find(
      (one) => one.actionId === 'offer-p' && one.channelId === 'visit',
    )!;
    await respond(talk.suggestionId, { kind: 'dismissed', reason: 'wrong-channel' }).expect(201);
    const after = (await explained()).find((one) => one.actionId === 'offer-p' && one.channelId === 'visit')!;
    expect(after.lowered).toMatchObject([
      { factor: 0.4, because: expect.stringContaining('channel was called wrong') },
    ]);
    expect(after.priority).toBeNull();
    service.clock.advance(70 * 86_400_000);
    const rested = (await explained()).find(
      (one) => one.actionId === 'offer-p' && one.channelId === 'visit',
    )!;
    expect(rested.lowered).toMatchObject([{ factor: expect.closeTo(1 - 0.6 * 2 ** (-70 / 90), 3) }]);
    expect(rested.priority).toBeLessThan(before.priority!);
    const call = (await explained()).find((one) => one.channelId === 'liaison-call')!;
    expect(call.lowered).toBeUndefined();
  });

  it('"wrong time" moves the slot to other hours', async () => {
    const talk = await withAction('talk-dosage', 'visit');
    const offer = (await list('?state=open')).find(({ action }) => action.id === 'offer-p')!;
    expect(offer.slot.from).toBe(talk.slot.from);
    const hours = (one: { slot: { from: string; to: string } }) => [
      one.slot.from.slice(11, 16),
      one.slot.to.slice(11, 16),
    ];
    await respond(talk.suggestionId, { kind: 'dismissed', reason: 'wrong-time' }).expect(201);
    const moved = await withAction('offer-p', 'visit');
    expect(hours(moved)[1]).not.toBe(hours(offer)[1]);
  });

  it('"not compliant" makes a task for compliance, and silences the action for the account until it is reviewed', async () => {
    const talk = await withAction('talk-dosage', 'visit');
    await respond(talk.suggestionId, {
      kind: 'dismissed',
      reason: 'not-compliant',
      note: 'off label',
    }).expect(201);
    const [task] =
      await service.database.query<{ role: string; state: string; about: string; task_id: string }[]>(
        'select * from tasks',
      );
    expect(task).toMatchObject({
      role: 'compliance',
      state: 'open',
      about: expect.stringContaining('off label'),
    });
    expect(await told('task.created')).toHaveLength(1);
    const offered = async () =>
      (await territory.recommend({ limit: 10 })).suggestions.map(({ action }) => action.id);
    service.clock.advance(400 * 86_400_000);
    expect(await offered()).not.toContain('talk-dosage');
    const review = (who: string) =>
      service.http
        .post(`/api/v1/suggestions/${talk.suggestionId}/reviews`)
        .set({ authorization: who })
        .send({ verdict: 'cleared' });
    await review(mia).expect(403);
    await territory.put('team-members/cora', { name: 'Cora', role: 'compliance' });
    const cora = (await service.key(['read', 'feedback'], { memberId: 'cora' })).authorization;
    await review(cora).expect(201);
    await review(cora).expect(409);
    expect(await offered()).toContain('talk-dosage');
    const [done] = await service.database.query<{ state: string }[]>('select state from tasks');
    expect(done).toMatchObject({ state: 'completed' });
  });
});

describe('what is shown', () => {
  it('needs no further request: names, a headline, and what the customer was told about the same', async () => {
    await territory.event(
      'Email Sent',
      { channel: 'email', topic: 'dosage', title: 'Dosing in practice' },
      { memberId: 'leo' },
    );
    await territory.event('Visit Logged', { channel: 'visit', topic: 'guidelines' }, { memberId: 'leo' });
    const { suggestionId } = await withAction('talk-dosage', 'visit');
    const talk = await stateOf(suggestionId);
    expect(talk.names).toMatchObject({
      account: 'Clinic',
      contact: 'Dr. Jones',
      channel: 'visit',
      member: 'mia',
    });
    expect(talk.headline).toMatch(/^Visit Dr\. Jones about dosing, (today|tomorrow|\w+day|\d)/);
    expect(talk.alreadyTold).toMatchObject([
      { channelId: 'email', by: { memberId: 'leo', name: 'leo' }, title: 'Dosing in practice' },
    ]);
    expect(talk.alreadyTold).toHaveLength(1);
  });

  it('is in order of priority or of the slot, page by page, and counted', async () => {
    await territory.recommend({ limit: 10 });
    const walk = async (sort: string): Promise<Listed[]> => {
      const items: Listed[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body }: { body: { items: Listed[]; nextCursor: string | null } } = await service.http
          .get(`/api/v1/suggestions?memberId=mia&limit=1&sort=${sort}${cursor ? `&cursor=${cursor}` : ''}`)
          .set({ authorization: mia })
          .expect(200);
        items.push(...body.items);
        cursor = body.nextCursor;
      }
      return items;
    };
    const all = await list('?memberId=mia', mia);
    for (const sort of ['priority', 'slot']) {
      const walked = await walk(sort);
      expect(walked.map((one) => one.suggestionId).sort()).toEqual(all.map((one) => one.suggestionId).sort());
      const keys = walked.map((one) => (sort === 'slot' ? Date.parse(one.slot.from) : -one.priority));
      expect(keys).toEqual([...keys].sort((a, b) => a - b));
    }
    expect(all.length).toBeGreaterThan(1);
    await respond(all[0]!.suggestionId, { kind: 'dismissed' }).expect(201);
    const { body } = await service.http
      .get('/api/v1/suggestions/counts')
      .set({ authorization: mia })
      .expect(200);
    expect(body.counts).toMatchObject({ open: all.length - 1, dismissed: 1, seen: 0, withdrawn: 0 });
    expect(await list('?channelId=liaison-call')).not.toHaveLength(0);
    expect((await list('?intent=offer&purpose=sales')).every(({ action }) => action.intent === 'offer')).toBe(
      true,
    );
    await service.http
      .get(
        `/api/v1/suggestions?sort=slot&cursor=${Buffer.from('{"key":"soon","suggestionId":"s"}').toString('base64url')}`,
      )
      .set({ authorization: mia })
      .expect(422);
  });
});
