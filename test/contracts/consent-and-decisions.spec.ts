import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccountId, ContactId } from '../../src/catalogue/index.js';
import { compileConsent, ConsentLedger } from '../../src/consent/index.js';
import type { Decision } from '../../src/recommender/index.js';
import { SuggestionBook } from '../../src/suggestions/index.js';
import { Decide, RecordConsent, RespondToSuggestion, VerifySuggestions } from '../../src/workflows/index.js';
import { type Decisions, startDecisions } from './decisions-surroundings.js';

let desk: Decisions;
const of = <Part>(token: abstract new (...args: never[]) => Part): Part => desk.of(token);

beforeAll(async () => {
  desk = await startDecisions();
});
afterAll(() => desk?.service.close());

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
        await of(Decide).one(
          { accountId, contactId: null, limit: 5, context: {}, role: null },
          { fresh: true },
        );
        return;
      case 'compute':
        this.computed = await desk.compute(accountId);
        return;
      case 'publish':
        await desk.publish(this.computed.splice(0));
        return;
      case 'respond': {
        const [open] = await of(SuggestionBook).standingOf([accountId], desk.now());
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
    const standing = await of(SuggestionBook).standingOf([this.accountId], desk.now());
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

  private async shown() {
    const page = await of(SuggestionBook).page({
      accountId: this.accountId,
      limit: 50,
      at: desk.now(),
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
    return compileConsent(facts).answer(asked as never, desk.now()).allowed;
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
          const accountId = await desk.newDoctor();
          const afternoon = new Afternoon(accountId);
          await afternoon.take('grant');
          await afternoon.take('compute');
          for (const together of moments) {
            desk.service.clock.advance(1000);
            await Promise.all(together.filter((step) => step !== 'show').map((step) => afternoon.take(step)));
            await afternoon.check();
            if (together.includes('show')) await afternoon.take('show');
          }
          const [row] = await desk.service.database.query<{ n: number }[]>(
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
