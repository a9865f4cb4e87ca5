import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AccountId, Accounts, type ContactId } from '../../src/catalogue/index.js';
import { compileConsent, ConsentLedger } from '../../src/consent/index.js';
import { ThreadLog, TouchLog } from '../../src/events/index.js';
import { type Decision, DecisionLog, questionKey, replayChoice } from '../../src/recommender/index.js';
import { Ids, Transactions } from '../../src/shared/index.js';
import { SuggestionBook } from '../../src/suggestions/index.js';
import {
  Decide,
  PublishDecisions,
  RecordConsent,
  RespondToSuggestion,
  Situations,
  VerifySuggestions,
} from '../../src/workflows/index.js';
import { SituationRows } from '../../src/workflows/situation-rows.js';
import { decideMany } from '../../src/workflows/shard-requests.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

let service: TestService;
let territory: Territory;
const of = <Part>(token: abstract new (...args: never[]) => Part): Part =>
  service.app.get(token, { strict: false });

beforeAll(async () => {
  service = await startTestService();
  territory = await startTerritory(service);
});
afterAll(() => service.close());

let doctors = 0;

/** A fresh doctor: an account that is its own contact. */
async function newDoctor(): Promise<AccountId> {
  doctors += 1;
  const accountId = `doctor-${doctors}`;
  await territory.put(`accounts/${accountId}`, {
    name: accountId,
    kind: 'person',
    country: 'DE',
    timeZone: 'Europe/Berlin',
  });
  return accountId as AccountId;
}

const question = (accountId: AccountId) => ({
  accountId,
  contactId: null,
  limit: 5,
  context: {},
  role: null,
});

const steps = ['grant', 'withdraw', 'decide', 'compute', 'publish', 'respond', 'show'] as const;
type Step = (typeof steps)[number];

/** One doctor's afternoon: what happens to consent, decisions, a nightly run and the list, in any order and at once. */
class Afternoon {
  private computed: Decision[] = [];

  constructor(private readonly accountId: AccountId) {}

  async take(step: Step): Promise<void> {
    const { accountId } = this;
    switch (step) {
      case 'grant':
      case 'withdraw':
        await this.consent(step === 'grant' ? 'granted' : 'withdrawn');
        return;
      case 'decide':
        await of(Decide).one(question(accountId), { fresh: true });
        return;
      case 'compute':
        this.computed = await this.compute();
        return;
      case 'publish':
        await this.publish();
        return;
      case 'respond': {
        const [open] = await of(SuggestionBook).standingOf([accountId], service.clock.now());
        if (open) await of(RespondToSuggestion).run(open, { kind: 'seen' }, null);
        return;
      }
      case 'show':
        for (const { channelId, state } of await this.shown()) {
          if (state === 'open' || state === 'seen')
            expect([channelId, await this.mayMail()]).not.toEqual(['email', false]);
        }
    }
  }

  /** What stands, by what the database holds, against what the ledger says now. */
  async check(): Promise<void> {
    const standing = await of(SuggestionBook).standingOf([this.accountId], service.clock.now());
    if (!(await this.mayMail())) expect(standing.map(({ channelId }) => channelId)).not.toContain('email');
  }

  private async consent(status: 'granted' | 'withdrawn'): Promise<void> {
    const statement = { channelId: 'email', purpose: '*', status, source: 'contact' } as const;
    const result = await of(RecordConsent).one(
      this.accountId as string as ContactId,
      statement as never,
      'test',
    );
    if (!result.ok) throw new Error(JSON.stringify(result.error));
  }

  private async compute(): Promise<Decision[]> {
    const world = await of(Situations).world();
    return decideMany(
      { runId: 'night', asOf: service.clock.now(), accountIds: [this.accountId] },
      world,
      of(Situations),
      of(Ids),
    );
  }

  private async publish(): Promise<void> {
    const decisions = this.computed;
    this.computed = [];
    const { catalogue } = await of(Situations).world();
    await of(PublishDecisions).prepare(service.clock.now());
    await of(Transactions).run((within) =>
      of(PublishDecisions).run(
        decisions,
        catalogue,
        { stateMustStand: false, keepSeen: true },
        service.clock.now(),
        within,
      ),
    );
  }

  private async shown() {
    const page = await of(SuggestionBook).page({
      accountId: this.accountId,
      limit: 50,
      at: service.clock.now(),
    });
    return of(VerifySuggestions).run(page, null);
  }

  private async mayMail(): Promise<boolean> {
    const facts = await of(ConsentLedger).ofContact(this.accountId as string as ContactId);
    const asked = {
      channelId: 'email',
      channelConsent: 'opt-in',
      purpose: 'marketing',
      productIds: [],
      topics: [],
    };
    return compileConsent(facts).answer(asked as never, service.clock.now()).allowed;
  }
}

describe('consent and what is suggested', () => {
  it('no suggestion stands on a channel without consent, whatever the order of consents, decisions and publications', async () => {
    let mails = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 4 }), {
          minLength: 2,
          maxLength: 6,
        }),
        async (moments) => {
          const accountId = await newDoctor();
          const afternoon = new Afternoon(accountId);
          await afternoon.take('grant');
          await afternoon.take('compute');
          for (const together of moments) {
            service.clock.advance(1000);
            await Promise.all(together.filter((step) => step !== 'show').map((step) => afternoon.take(step)));
            await afternoon.check();
            if (together.includes('show')) await afternoon.take('show');
          }
          const [row] = await service.database.query<{ n: number }[]>(
            `select count(*)::int as n from suggestions where account_id = $1 and channel_id = 'email'`,
            [accountId],
          );
          mails += row?.n ?? 0;
        },
      ),
      { numRuns: 25, seed: 20260302 },
    );
    expect(mails).toBeGreaterThan(10);
  }, 120_000);
});

describe('publishing', () => {
  const computeFor = async (accountIds: AccountId[]): Promise<Decision[]> =>
    decideMany(
      { runId: 'night', asOf: service.clock.now(), accountIds },
      await of(Situations).world(),
      of(Situations),
      of(Ids),
    );
  const publish = async (decisions: readonly Decision[]) => {
    const { catalogue } = await of(Situations).world();
    await of(PublishDecisions).prepare(service.clock.now());
    return of(Transactions).run((within) =>
      of(PublishDecisions).run(
        decisions,
        catalogue,
        { stateMustStand: false, keepSeen: true },
        service.clock.now(),
        within,
      ),
    );
  };

  it('writes hundreds as it writes one: each comes back from the log as it was, and its choice replays', async () => {
    const accountIds: AccountId[] = [];
    for (let index = 0; index < 30; index += 1) accountIds.push(await newDoctor());
    const decisions = await computeFor(accountIds);
    expect(await publish(decisions)).toMatchObject({ stale: [], kept: [] });
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
    const open = await of(SuggestionBook).standingOf(accountIds, service.clock.now());
    expect(open).toHaveLength(decisions.reduce((sum, { suggestions }) => sum + suggestions.length, 0));
  });

  it('keeps what somebody has seen, and names accounts whose past has changed since', async () => {
    const [seen, changed, quiet] = [await newDoctor(), await newDoctor(), await newDoctor()];
    await publish((await computeFor([seen])).map((decision) => ({ ...decision })));
    const [first] = await of(SuggestionBook).standingOf([seen], service.clock.now());
    if (first) await of(RespondToSuggestion).run(first, { kind: 'seen' }, null);
    const decisions = await computeFor([seen, changed, quiet]);
    await service.database.query(
      'update account_state set policy_epoch = policy_epoch + 1 where account_id = $1',
      [changed],
    );
    const { written, stale, kept } = await publish(decisions);
    expect({ written: written.map(({ accountId }) => accountId), stale, kept }).toEqual({
      written: [quiet],
      stale: [changed],
      kept: first ? [seen] : [],
    });
  });

  it('replaces what nobody has seen, and gives the same action for the same contact on the same channel the same id', async () => {
    const accountId = await newDoctor();
    const [before] = await computeFor([accountId]);
    await publish([before!]);
    const [after] = await computeFor([accountId]);
    await publish([after!]);
    const ids = new Map(
      before!.suggestions.map((one) => [`${one.actionId} ${one.channelId}`, one.suggestionId]),
    );
    for (const one of after!.suggestions) {
      const known = ids.get(`${one.actionId} ${one.channelId}`);
      if (known) expect(one.suggestionId).toBe(known);
    }
    const open = await of(SuggestionBook).standingOf([accountId], service.clock.now());
    expect(open.map(({ suggestionId }) => suggestionId).sort()).toEqual(
      after!.suggestions.map((one) => one.suggestionId).sort(),
    );
  });
});

describe('one look at the situation', () => {
  it('sees of an account what the catalogue, the ledger, the touches and the threads each keep of it', async () => {
    const accountId = 'clinic' as AccountId;
    const { authorization } = territory;
    await service.http
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
    await territory.event('Visit Logged', { channel: 'visit', topic: 'dosage' });
    await territory.event('Conversation Opened', { conversationId: 'c1', topic: 'price' });
    await territory.event('Quote Given', { productId: 'P', price: 90, validUntil: '2026-04-01T00:00:00Z' });
    const { suggestions } = await territory.recommend({ limit: 1, fresh: true });
    await service.http
      .post(`/api/v1/suggestions/${suggestions[0]!.suggestionId}/responses`)
      .set({ authorization })
      .send({ kind: 'dismissed', reason: 'wrong-time' })
      .expect(201);
    const at = service.clock.now();
    const since = new Date(at.getTime() - 30 * 86_400_000);
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
    const months = await service.database.query<{ name: string }[]>(
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
