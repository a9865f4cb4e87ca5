import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Listed, startSuggestions, type Suggestions } from '../support/suggestions.js';

let desk: Suggestions;

beforeAll(async () => {
  desk = await startSuggestions();
});
afterAll(() => desk?.service.close());
beforeEach(() => desk.forget());

const stateOf = async (suggestionId: string): Promise<Listed> =>
  (await desk.list()).find((one) => one.suggestionId === suggestionId)!;

describe('what others are told', () => {
  it('is each new suggestion once, in the transaction that makes it', async () => {
    const { suggestions } = await desk.territory.recommend({ limit: 3 });
    const created = await desk.told('suggestion.created');
    expect(created.map(({ data }) => data['suggestionId']).sort()).toEqual(
      suggestions.map(({ suggestionId }) => suggestionId).sort(),
    );
    await desk.territory.recommend({ limit: 3, fresh: true });
    await desk.territory.recommend({ limit: 3, dryRun: true });
    expect(await desk.told('suggestion.created')).toHaveLength(created.length);
  });

  it('is what was said, and to those who see it that it is over', async () => {
    const { suggestionId } = await desk.withAction('talk-dosage', 'visit');
    await desk.respond(suggestionId, { kind: 'accepted' }).expect(201);
    desk.service.clock.advance(1000);
    await desk.respond(suggestionId, { kind: 'completed', note: 'went well' }).expect(201);
    expect(
      (await desk.told('suggestion.responded')).map(({ data }) => [
        data['kind'],
        data['memberId'],
        data['note'],
      ]),
    ).toEqual([
      ['accepted', 'mia', null],
      ['completed', 'mia', 'went well'],
    ]);
    expect(await desk.told('suggestion.closed')).toMatchObject([
      { data: { suggestionId, state: 'completed' } },
    ]);
  });

  it('is what gave way to a newer answer', async () => {
    const { suggestions } = await desk.territory.recommend({ limit: 3 });
    desk.service.clock.advance(1000);
    await desk.territory.event('Content Viewed', { topic: 'dosage' });
    await desk.service.http
      .post(`/api/v1/suggestions/${suggestions[0]!.suggestionId}/responses`)
      .set({ authorization: desk.territory.authorization })
      .send({ kind: 'dismissed', reason: 'wrong-channel' })
      .expect(201);
    await desk.territory.recommend({ limit: 3 });
    const gone = (await desk.list('?state=superseded')).map((one) => one.suggestionId);
    expect(
      (await desk.told('suggestion.closed'))
        .filter(({ data }) => data['state'] === 'superseded')
        .map(({ data }) => data['suggestionId'])
        .sort(),
    ).toEqual(gone.sort());
    expect(gone.length).toBeGreaterThan(0);
  });

  it('is what the policy takes back', async () => {
    const { suggestionId } = await desk.withAction('talk-dosage', 'visit');
    await desk.territory.put('contact-rules/no-visits', {
      kind: 'cap',
      limit: 1,
      days: 30,
      per: 'contact',
      channelId: 'visit',
    });
    await desk.territory.event('Visit Logged', { channel: 'visit', topic: 'guidelines' });
    await desk.list('?state=open');
    await desk.list('?state=open');
    const withdrawn = (await desk.told('suggestion.withdrawn')).map(({ data }) => data['suggestionId']);
    expect(withdrawn.filter((id) => id === suggestionId)).toHaveLength(1);
    await desk.service.http
      .delete('/api/v1/contact-rules/no-visits')
      .set({ authorization: desk.territory.authorization });
  });
});

describe('an event that contradicts', () => {
  it('completes what its own member did, closes what a colleague did, and says so', async () => {
    const own = await desk.withAction('talk-dosage', 'visit');
    await desk.territory.event('Visit Logged', { channel: 'visit', topic: 'dosage' }, { memberId: 'mia' });
    expect(await stateOf(own.suggestionId)).toMatchObject({
      state: 'completed',
      because: 'The visit was logged.',
      taken: { kind: 'completed', memberId: 'mia', name: 'mia' },
    });
    const call = await desk.withAction('answer-safety', 'liaison-call');
    await desk.territory.event(
      'Call Logged',
      { channel: 'liaison-call', topic: 'side-effects' },
      { memberId: 'mia' },
    );
    expect(await stateOf(call.suggestionId)).toMatchObject({
      state: 'withdrawn',
      because: 'A colleague (mia) did it: the call was logged.',
    });
    const inPersian = await desk.service.http
      .get('/api/v1/suggestions?state=withdrawn')
      .set({ authorization: desk.territory.authorization, 'accept-language': 'fa' });
    expect((inPersian.body as { items: { suggestionId: string }[] }).items).toContainEqual(
      expect.objectContaining({
        suggestionId: call.suggestionId,
        because: 'همکاری (mia) آن را انجام داد: تماس ثبت شد.',
      }),
    );
    const over = (await desk.told('suggestion.closed')).map(({ data }) => data['suggestionId']);
    expect(over.filter((id) => id === own.suggestionId || id === call.suggestionId)).toHaveLength(2);
    const { suggestions } = await desk.territory.recommend({ limit: 10 });
    expect(suggestions.map(({ action }) => action.id)).not.toContain('talk-dosage');
    expect(suggestions.map(({ action }) => action.id)).not.toContain('answer-safety');
  });

  it('ends offers of what was ordered, and selling during a complaint', async () => {
    const offer = await desk.withAction('offer-p', 'visit');
    const talk = (await desk.list('?state=open')).find(({ action }) => action.id === 'talk-dosage')!;
    await desk.territory.event('Order Completed', { productId: 'P', products: [{ product_id: 'P' }] });
    expect(await stateOf(offer.suggestionId)).toMatchObject({
      state: 'withdrawn',
      because: 'The order for this product came.',
    });
    expect(await stateOf(talk.suggestionId)).toMatchObject({ state: 'open' });
    await desk.territory.event('Complaint Opened', { conversationId: 'c1' });
    expect(await stateOf(talk.suggestionId)).toMatchObject({
      because: 'A complaint was opened: it comes first.',
    });
  });

  it('is no import: what happened long ago closes nothing', async () => {
    const own = await desk.withAction('talk-dosage', 'visit');
    await desk.territory.event(
      'Visit Logged',
      { channel: 'visit', topic: 'dosage' },
      { memberId: 'mia', occurredAt: '2026-02-01T10:00:00Z' },
    );
    expect(await stateOf(own.suggestionId)).toMatchObject({ state: 'open' });
  });
});

describe('what is shown', () => {
  it('needs no further request: names, a headline, and what the customer was told about the same', async () => {
    await desk.territory.event(
      'Email Sent',
      { channel: 'email', topic: 'dosage', title: 'Dosing in practice' },
      { memberId: 'leo' },
    );
    await desk.territory.event(
      'Visit Logged',
      { channel: 'visit', topic: 'guidelines' },
      { memberId: 'leo' },
    );
    const { suggestionId } = await desk.withAction('talk-dosage', 'visit');
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
    await desk.territory.recommend({ limit: 10 });
    const walk = async (sort: string): Promise<Listed[]> => {
      const items: Listed[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body }: { body: { items: Listed[]; nextCursor: string | null } } = await desk.service.http
          .get(`/api/v1/suggestions?memberId=mia&limit=1&sort=${sort}${cursor ? `&cursor=${cursor}` : ''}`)
          .set({ authorization: desk.mia })
          .expect(200);
        items.push(...body.items);
        cursor = body.nextCursor;
      }
      return items;
    };
    const all = await desk.list('?memberId=mia', desk.mia);
    for (const sort of ['priority', 'slot']) {
      const walked = await walk(sort);
      expect(walked.map((one) => one.suggestionId).sort()).toEqual(all.map((one) => one.suggestionId).sort());
      const keys = walked.map((one) => (sort === 'slot' ? Date.parse(one.slot.from) : -one.priority));
      expect(keys).toEqual([...keys].sort((a, b) => a - b));
    }
    expect(all.length).toBeGreaterThan(1);
    await desk.respond(all[0]!.suggestionId, { kind: 'dismissed' }).expect(201);
    const { body } = await desk.service.http
      .get('/api/v1/suggestions/counts')
      .set({ authorization: desk.mia })
      .expect(200);
    expect(body.counts).toMatchObject({ open: all.length - 1, dismissed: 1, seen: 0, withdrawn: 0 });
    expect(await desk.list('?channelId=liaison-call')).not.toHaveLength(0);
    expect(
      (await desk.list('?intent=offer&purpose=sales')).every(({ action }) => action.intent === 'offer'),
    ).toBe(true);
    await desk.service.http
      .get(
        `/api/v1/suggestions?sort=slot&cursor=${Buffer.from('{"key":"soon","suggestionId":"s"}').toString('base64url')}`,
      )
      .set({ authorization: desk.mia })
      .expect(422);
  });
});
