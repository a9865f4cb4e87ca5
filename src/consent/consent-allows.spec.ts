import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ProductId } from '../catalogue/index.js';
import { compileConsent, consentAllows, type ConsentFact, type ConsentQuestion } from './index.js';

const day = (n: number): Date => new Date(Date.UTC(2026, 10, n, 9));
const TODAY = day(20);

type Said = Partial<Omit<ConsentFact, 'productId'>> & {
  on: string;
  status: ConsentFact['status'];
  productId?: string;
};
let serial = 0;

function fact({ on, ...said }: Said): ConsentFact {
  const [channelId, purpose] = on.split('·');
  serial += 1;
  const at = said.effectiveAt ?? day(serial % 10);
  return {
    consentId: `c${serial}`,
    accountId: 'a',
    contactId: 'ana',
    channelId,
    purpose,
    source: 'contact',
    productId: null,
    topic: null,
    effectiveAt: at,
    expiresAt: null,
    recordedAt: at,
    recordedBy: 'ana',
    wording: null,
    proof: null,
    ...said,
  } as ConsentFact;
}

/** In order of time, a day apart, from the 1st. */
const inOrder = (...said: Said[]): ConsentFact[] =>
  said.map((one, index) => fact({ effectiveAt: day(index + 1), ...one }));

function ask(touch: string, productIds: string[] = [], topics: string[] = []): ConsentQuestion {
  const [channelId, purpose] = touch.split('·') as [ConsentQuestion['channelId'], ConsentQuestion['purpose']];
  const channelConsent = ['email', 'podcast', 'sms'].includes(channelId) ? 'opt-in' : 'opt-out';
  return { channelId, channelConsent, purpose, productIds: productIds as ProductId[], topics };
}

const allowed = (facts: ConsentFact[], question: ConsentQuestion, at = TODAY): boolean =>
  consentAllows(facts, question, at).allowed;

describe('consent, by its worked cases', () => {
  it('needs a grant on an opt-in channel and none on an opt-out one', () => {
    expect(allowed([], ask('email·marketing'))).toBe(false);
    expect(allowed([], ask('visit·sales'))).toBe(true);
  });

  it('grants only the purpose that was granted', () => {
    const facts = inOrder({ on: 'email·marketing', status: 'granted' });
    expect(allowed(facts, ask('email·marketing'))).toBe(true);
    expect(allowed(facts, ask('email·medical'))).toBe(false);
  });

  it('does not take an unconfirmed opt-in for a grant, and says what is missing', () => {
    const facts = inOrder({ on: 'email·marketing', status: 'pending' });
    expect(consentAllows(facts, ask('email·marketing'), TODAY)).toMatchObject({
      allowed: false,
      because: expect.stringContaining('not confirmed yet'),
    });
  });

  it('withdraws one purpose from a grant of all', () => {
    const facts = inOrder(
      { on: 'email·*', status: 'granted' },
      { on: 'email·marketing', status: 'withdrawn' },
    );
    expect(allowed(facts, ask('email·marketing'))).toBe(false);
    expect(allowed(facts, ask('email·service'))).toBe(true);
  });

  it('withdraws everything with a withdrawal of everything', () => {
    const facts = inOrder({ on: '*·*', status: 'granted' }, { on: '*·*', status: 'withdrawn' });
    for (const touch of ['email·marketing', 'visit·sales', 'call·service', 'podcast·medical'])
      expect(allowed(facts, ask(touch))).toBe(false);
  });

  it('lifts a withdrawal of everything only where it was granted again', () => {
    const facts = inOrder({ on: '*·*', status: 'withdrawn' }, { on: 'podcast·medical', status: 'granted' });
    expect(allowed(facts, ask('podcast·medical'))).toBe(true);
    expect(allowed(facts, ask('email·medical'))).toBe(false);
  });

  it('does not let a grant that is less specific in one dimension lift a withdrawal', () => {
    const facts = inOrder({ on: 'email·*', status: 'withdrawn' }, { on: '*·marketing', status: 'granted' });
    expect(allowed(facts, ask('email·marketing'))).toBe(false);
  });

  it('lifts a withdrawal of everything by a later grant of everything', () => {
    const facts = inOrder({ on: '*·*', status: 'withdrawn' }, { on: '*·*', status: 'granted' });
    expect(allowed(facts, ask('visit·sales'))).toBe(true);
  });

  it('does not let an imported grant lift a withdrawal', () => {
    const facts = inOrder(
      { on: 'email·marketing', status: 'withdrawn' },
      { on: 'email·marketing', status: 'granted', source: 'import' },
    );
    expect(allowed(facts, ask('email·marketing'))).toBe(false);
  });

  it('takes an imported grant where nothing was withdrawn', () => {
    const facts = inOrder({ on: 'email·marketing', status: 'granted', source: 'import' });
    expect(allowed(facts, ask('email·marketing'))).toBe(true);
  });

  it('keeps a withdrawal about one product to that product', () => {
    const facts = inOrder(
      { on: 'email·marketing', status: 'granted' },
      { on: 'email·marketing', status: 'withdrawn', productId: 'P' },
    );
    expect(allowed(facts, ask('email·marketing', ['P']))).toBe(false);
    expect(allowed(facts, ask('email·marketing', ['Q']))).toBe(true);
    expect(allowed(facts, ask('email·marketing', ['Q', 'P']))).toBe(false);
  });

  it('lets a grant about one product speak only for touches that are about nothing else', () => {
    const facts = inOrder({ on: 'email·marketing', status: 'granted', productId: 'P' });
    expect(allowed(facts, ask('email·marketing', ['P']))).toBe(true);
    expect(allowed(facts, ask('email·marketing', ['P', 'Q']))).toBe(false);
    expect(allowed(facts, ask('email·marketing'))).toBe(false);
  });

  it('ends a grant at its expiry', () => {
    const facts = [
      fact({ on: 'email·marketing', status: 'granted', effectiveAt: day(1), expiresAt: day(19) }),
    ];
    expect(allowed(facts, ask('email·marketing'))).toBe(false);
    expect(consentAllows(facts, ask('email·marketing'), day(10))).toMatchObject({
      allowed: true,
      until: day(19),
    });
  });

  it('ends a withdrawal at its expiry', () => {
    const facts = [fact({ on: 'visit·*', status: 'withdrawn', effectiveAt: day(1), expiresAt: day(19) })];
    expect(allowed(facts, ask('visit·sales'))).toBe(true);
    expect(consentAllows(facts, ask('visit·sales'), day(10))).toMatchObject({
      allowed: false,
      until: day(19),
    });
  });

  it('obeys a withdrawal from the day it takes effect, and tells that day before', () => {
    const facts = [fact({ on: 'call·sales', status: 'withdrawn', effectiveAt: day(21) })];
    expect(consentAllows(facts, ask('call·sales'), TODAY)).toMatchObject({ allowed: true, until: day(21) });
    expect(allowed(facts, ask('call·sales'), day(22))).toBe(false);
  });

  it('lets the withdrawal win at the same instant', () => {
    const facts = [
      fact({ on: 'email·marketing', status: 'withdrawn', effectiveAt: day(3) }),
      fact({ on: 'email·marketing', status: 'granted', effectiveAt: day(3) }),
    ];
    expect(allowed(facts, ask('email·marketing'))).toBe(false);
    expect(allowed([...facts].reverse(), ask('email·marketing'))).toBe(false);
  });

  it('names who said it, when and in which words', () => {
    const facts = inOrder({
      on: 'email·marketing',
      status: 'withdrawn',
      source: 'member',
      recordedBy: 'kim',
      wording: 'no unsolicited e-mail',
    });
    expect(consentAllows(facts, ask('email·marketing'), TODAY).because).toBe(
      'Withdrawn through a team member (kim) on 2026-11-01 09:00 UTC for email, marketing: “no unsolicited e-mail”.',
    );
  });
});

/** The two clauses, written again from their wording and sharing no code with the product. */
function restated(facts: readonly ConsentFact[], q: ConsentQuestion, at: Date): boolean {
  const live = facts.filter((f) => f.effectiveAt <= at && !(f.expiresAt && f.expiresAt <= at));
  const where = live.filter(
    (f) => ['*', q.channelId].includes(f.channelId) && ['*', q.purpose].includes(f.purpose),
  );
  const some = (named: string | null, list: readonly string[]): boolean =>
    named === null || list.some((one) => one === named);
  const only = (named: string | null, list: readonly string[]): boolean =>
    named === null || (list.length > 0 && !list.some((one) => one !== named));
  const withdrawals = where.filter(
    (f) => f.status === 'withdrawn' && some(f.productId, q.productIds) && some(f.topic, q.topics),
  );
  const grants = where.filter(
    (f) => f.status === 'granted' && only(f.productId, q.productIds) && only(f.topic, q.topics),
  );
  const vague = (f: ConsentFact): boolean[] => [
    f.channelId === '*',
    f.purpose === '*',
    f.productId === null,
    f.topic === null,
  ];
  const answered = withdrawals.every((w) =>
    grants.some(
      (g) =>
        g.source !== 'import' && g.effectiveAt > w.effectiveAt && vague(g).every((v, i) => !v || vague(w)[i]),
    ),
  );
  return answered && (q.channelConsent === 'opt-out' || grants.length > 0);
}

const anyFact = fc
  .record({
    channel: fc.constantFrom('*', 'email', 'visit'),
    purpose: fc.constantFrom('*', 'marketing', 'sales'),
    status: fc.constantFrom('granted', 'pending', 'withdrawn'),
    source: fc.constantFrom('contact', 'member', 'import', 'link'),
    productId: fc.constantFrom(null, null, 'P', 'Q'),
    topic: fc.constantFrom(null, null, 'dosage', 'price'),
    from: fc.integer({ min: 1, max: 8 }),
    lasts: fc.option(fc.integer({ min: 1, max: 5 })),
  })
  .map(({ channel, purpose, status, source, productId, topic, from, lasts }) =>
    fact({
      on: `${channel}·${purpose}`,
      status: status as ConsentFact['status'],
      source: source as ConsentFact['source'],
      ...(productId === null ? {} : { productId }),
      topic,
      effectiveAt: day(from),
      expiresAt: lasts === null ? null : day(from + lasts),
    }),
  );

const anyQuestion = fc
  .record({
    touch: fc.constantFrom('email·marketing', 'email·sales', 'visit·marketing', 'visit·sales'),
    products: fc.subarray(['P', 'Q']),
    topics: fc.subarray(['dosage', 'price']),
  })
  .map(({ touch, products, topics }) => ask(touch, products, topics));

describe('consent, whatever was said', () => {
  it('answers as the two clauses say', () => {
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 7 }),
        anyQuestion,
        fc.integer({ min: 0, max: 15 }),
        (facts, question, on) => {
          expect(allowed(facts, question, day(on))).toBe(restated(facts, question, day(on)));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('answers the same when compiled, in any order of questions', () => {
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 7 }),
        fc.array(fc.tuple(anyQuestion, fc.integer({ min: 0, max: 15 })), { maxLength: 12 }),
        (facts, asked) => {
          const compiled = compileConsent(facts);
          for (const [question, on] of asked)
            expect(compiled.answer(question, day(on))).toEqual(consentAllows(facts, question, day(on)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('turns at `until` and not before', () => {
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 6 }),
        anyQuestion,
        fc.integer({ min: 0, max: 15 }),
        (facts, question, on) => {
          const { allowed: now, until } = consentAllows(facts, question, day(on));
          for (let later = on; later <= 16; later += 1) {
            if (until !== null && day(later) >= until) break;
            expect(allowed(facts, question, day(later))).toBe(now);
          }
          if (until !== null) expect(allowed(facts, question, until)).toBe(!now);
        },
      ),
    );
  });

  it('finds every refusal inside a window', () => {
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 6 }),
        anyQuestion,
        fc.integer({ min: 0, max: 15 }),
        fc.integer({ min: 1, max: 6 }),
        (facts, question, on, length) => {
          const days = Array.from({ length }, (_, index) => day(on + index));
          const refused = days.some((at) => !restated(facts, question, at));
          const found = compileConsent(facts).refusalWithin(question, day(on), day(on + length));
          expect(found !== undefined).toBe(refused);
        },
      ),
    );
  });
});
