import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccountId, Accounts } from '../../src/catalogue/index.js';
import { ConsentLedger } from '../../src/consent/index.js';
import { ThreadLog, TouchLog } from '../../src/events/index.js';
import { type Decision, DecisionLog, questionKey, replayChoice } from '../../src/recommender/index.js';
import { DAY } from '../../src/shared/index.js';
import { SuggestionBook } from '../../src/suggestions/index.js';
import { RespondToSuggestion } from '../../src/workflows/index.js';
import { SituationRows } from '../../src/workflows/situation-rows.js';
import { type Decisions, startDecisions } from './decisions-surroundings.js';

let desk: Decisions;
const of = <Part>(token: abstract new (...args: never[]) => Part): Part => desk.of(token);

beforeAll(async () => {
  desk = await startDecisions();
});
afterAll(() => desk?.service.close());

describe('publishing', () => {
  it('writes hundreds as it writes one: each comes back from the log as it was, and its choice replays', async () => {
    const accountIds: AccountId[] = [];
    for (let index = 0; index < 30; index += 1) accountIds.push(await desk.newDoctor());
    const decisions = await desk.compute(...accountIds);
    expect(await desk.publish(decisions)).toMatchObject({ stale: [], kept: [] });
    const found = await of(DecisionLog).find(decisions);
    expect(found).toHaveLength(30);
    for (const decision of found) {
      const { snapshot, ...logged } = decision;
      const { snapshot: given, ...made } = decisions.find(
        ({ decisionId }) => decisionId === decision.decisionId,
      )!;
      expect(logged).toEqual(made);
      expect(Buffer.compare(Buffer.from(snapshot), Buffer.from(given))).toBe(0);
      expect(replayChoice(decision).chosen).toBe(decision.chosen);
    }
    const open = await of(SuggestionBook).standingOf(accountIds, desk.now());
    expect(open).toHaveLength(decisions.reduce((sum, { suggestions }) => sum + suggestions.length, 0));
  });

  it('keeps what somebody has seen, and names accounts whose past has changed since', async () => {
    const [seen, changed, quiet] = [await desk.newDoctor(), await desk.newDoctor(), await desk.newDoctor()];
    await desk.publish(await desk.compute(seen));
    const [first] = await of(SuggestionBook).standingOf([seen], desk.now());
    if (first) await of(RespondToSuggestion).run(first, { kind: 'seen' }, null);
    const decisions = await desk.compute(seen, changed, quiet);
    await desk.service.database.query(
      'update account_state set policy_epoch = policy_epoch + 1 where account_id = $1',
      [changed],
    );
    const { written, stale, kept } = await desk.publish(decisions);
    expect({ written: written.map(({ accountId }) => accountId), stale, kept }).toEqual({
      written: [quiet],
      stale: [changed],
      kept: first ? [seen] : [],
    });
  });

  it('replaces what nobody has seen, and gives the same action for the same contact on the same channel the same id', async () => {
    const accountId = await desk.newDoctor();
    const [before] = await desk.compute(accountId);
    await desk.publish([before!]);
    const [after] = await desk.compute(accountId);
    await desk.publish([after!]);
    const ids = new Map(
      before!.suggestions.map((one) => [`${one.actionId} ${one.channelId}`, one.suggestionId]),
    );
    for (const one of after!.suggestions) {
      const known = ids.get(`${one.actionId} ${one.channelId}`);
      if (known) expect(one.suggestionId).toBe(known);
    }
    const open = await of(SuggestionBook).standingOf([accountId], desk.now());
    expect(open.map(({ suggestionId }) => suggestionId).sort()).toEqual(
      after!.suggestions.map((one) => one.suggestionId).sort(),
    );
  });
});

describe('one look at the situation', () => {
  it('sees of an account what the catalogue, the ledger, the touches and the threads each keep of it', async () => {
    const accountId = 'clinic' as AccountId;
    const { authorization } = desk.territory;
    await desk.service.http
      .post('/api/v1/contacts/jones/consents')
      .set({ authorization })
      .send({
        channelId: 'email',
        purpose: '*',
        status: 'granted',
        source: 'contact',
        expiresAt: '2027-01-01T00:00:00Z',
      })
      .expect(201);
    await desk.territory.event('Visit Logged', { channel: 'visit', topic: 'dosage' });
    await desk.territory.event('Conversation Opened', { conversationId: 'c1', topic: 'price' });
    await desk.territory.event('Quote Given', {
      productId: 'P',
      price: 90,
      validUntil: '2026-04-01T00:00:00Z',
    });
    const { suggestions } = await desk.territory.recommend({ limit: 1, fresh: true });
    await desk.service.http
      .post(`/api/v1/suggestions/${suggestions[0]!.suggestionId}/responses`)
      .set({ authorization })
      .send({ kind: 'dismissed', reason: 'wrong-time' })
      .expect(201);
    const at = desk.now();
    const since = new Date(at.getTime() - 30 * DAY);
    const [row] = await of(SituationRows).of([accountId], { at, since, seenFrom: since });
    const [dossier] = await of(Accounts).dossiers([accountId]);
    // what decisions need beside it: nobody has set a cap of her own, and no mail came back
    const contacts = dossier?.contacts.map((one) => ({ ...one, messagesPerWeek: null, emailHeld: false }));
    expect(row?.dossier).toEqual({ ...dossier, contacts });
    expect(row?.consents).toEqual((await of(ConsentLedger).ofAccounts([accountId])).get(accountId));
    const touches = (await of(TouchLog).since([accountId], since)).get(accountId) ?? [];
    expect(touches).toHaveLength(1);
    expect(row?.history.touches).toEqual(
      touches.map((touch) => expect.objectContaining({ channelId: touch.channelId, at: touch.at })),
    );
    const threads = (await of(ThreadLog).openAt([accountId], at)).get(accountId) ?? [];
    expect(threads.map(({ kind }) => kind)).toContain('conversation');
    expect(threads).toMatchObject([...(row?.history.threads ?? [])]);
    expect(row?.history.threads).toHaveLength(threads.length);
    const quotes = (await of(ThreadLog).quotesSince([accountId], since)).get(accountId) ?? [];
    expect(row?.history.quotes).toEqual(
      quotes.map(({ productId, price, discount, quotedAt, validUntil }) => ({
        productId,
        price,
        discount,
        quotedAt,
        validUntil,
      })),
    );
    expect(quotes).toHaveLength(1);
    expect(row?.history.dismissals).toEqual([
      expect.objectContaining({ actionId: suggestions[0]!.action.id, reason: 'wrong-time' }),
    ]);
    expect(row?.policyEpoch).toBeGreaterThan(3);
  });
});

describe('the log of decisions', () => {
  it('makes room for any month, once, whoever asks at the same time', async () => {
    const log = of(DecisionLog);
    const at = new Date('2031-12-15T00:00:00Z');
    await Promise.all([log.prepare(at), log.prepare(at), log.prepare(new Date('2032-01-20T00:00:00Z'))]);
    const months = await desk.service.database.query<{ name: string }[]>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'decisions'::regclass order by 1`,
    );
    expect(months.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['decisions_2031_12', 'decisions_2032_01', 'decisions_2032_03']),
    );
  });

  it('gives decisions of a time by account, page by page', async () => {
    const range = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') };
    const log = of(DecisionLog);
    const all = await log.page(range, null, 10_000);
    const paged: Decision[] = [];
    for (;;) {
      const last = paged.at(-1);
      const page = await log.page(range, last ?? null, 7);
      if (page.length === 0) break;
      paged.push(...page);
    }
    expect(all.length).toBeGreaterThan(30);
    expect(paged.map(({ decisionId }) => decisionId)).toEqual(all.map(({ decisionId }) => decisionId));
    expect(questionKey(all[0]!.question)).toBe(questionKey({ ...all[0]!.question }));
  });
});
