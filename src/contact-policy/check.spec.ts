import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  daysAgo,
  inDays,
  NOW,
  pastTouch,
  rule,
  ruleSet,
  surroundings,
  touch,
} from '../../test/support/contact-policy.js';
import { consentAllows, type ConsentFact } from '../consent/index.js';
import { compileContactPolicy } from './check.js';
import { standardRules } from './standard-rules.js';
import { wouldNeed } from './would-need.js';

let serial = 0;
const fact = (changes: object): ConsentFact => {
  serial += 1;
  return {
    consentId: `c${serial}`,
    accountId: 'acme',
    contactId: 'ana',
    channelId: 'email',
    purpose: 'marketing',
    status: 'granted',
    source: 'contact',
    productId: null,
    topic: null,
    effectiveAt: daysAgo(10),
    expiresAt: null,
    recordedAt: daysAgo(10),
    recordedBy: 'ana',
    wording: null,
    proof: null,
    ...changes,
  } as ConsentFact;
};

const optIn = (changes: object = {}): ReturnType<typeof touch> =>
  touch({ channelConsent: 'opt-in', ...changes });
const window = (from: string, to = from): { from: Date; to: Date } => ({
  from: new Date(from),
  to: new Date(to),
});
const standard = ruleSet(...standardRules);

describe('the contact policy', () => {
  it('names the first refusal in the declared order, and all of them when asked why not', () => {
    const past = surroundings({
      touches: [pastTouch(daysAgo(1)), pastTouch(daysAgo(1)), pastTouch(daysAgo(1))],
      threads: [
        {
          kind: 'conversation',
          conversationId: 'c1',
          contactIds: [],
          topics: [],
          openedAt: daysAgo(1),
          closedAt: null,
        },
      ],
    });
    const policy = compileContactPolicy(standard, past);
    const asked = optIn({
      productsAvailable: [{ productId: 'P', available: false }],
      topics: ['off-label'],
      viewerRole: 'marketing',
    });
    expect(policy.check(asked)?.rule).toBe('consent');
    expect(policy.refusalsOf(asked, window('2026-11-18T22:00:00Z')).map((refusal) => refusal.rule)).toEqual([
      'consent',
      'cap',
      'cool-down',
      'quiet-hours',
      'conversation-hold',
      'stock',
      'firewall',
    ]);
    expect(policy.check({ ...asked, channelConsent: 'opt-out' })?.rule).toBe('cap');
  });

  it('lets a mandatory action pass caps and the rest after a touch, never a withdrawal, a hold or the night', () => {
    const touches = Array.from({ length: 6 }, () => pastTouch(daysAgo(1)));
    const mandatory = touch({ mandatory: true, purpose: 'service' });
    const policy = compileContactPolicy(standard, surroundings({ touches }));
    expect(policy.check(touch({ purpose: 'service' }))?.rule).toBe('cap');
    expect(policy.check(mandatory)).toBeUndefined();
    expect(policy.allowedAt(mandatory, window('2026-11-18T22:00:00Z'))?.rule).toBe('quiet-hours');
    const withdrawn = [fact({ channelId: '*', purpose: '*', status: 'withdrawn' })];
    expect(
      compileContactPolicy(standard, surroundings({}, { consents: withdrawn })).check(mandatory)?.rule,
    ).toBe('consent');
  });

  it('does not suppress at night what can happen in the morning, but lets nothing begin', () => {
    const policy = compileContactPolicy(standard, surroundings({}, { at: new Date('2026-11-18T22:00:00Z') }));
    expect(policy.check(touch())).toBeUndefined();
    expect(policy.allowedAt(touch(), window('2026-11-19T08:00:00Z', '2026-11-19T10:00:00Z'))).toBeUndefined();
    expect(policy.refusesToBegin(touch())?.rule).toBe('quiet-hours');
  });

  it('obeys at the window a withdrawal that takes effect before it', () => {
    const consents = [
      fact({ channelId: 'call', purpose: 'sales', status: 'withdrawn', effectiveAt: inDays(1) }),
    ];
    const policy = compileContactPolicy(ruleSet(), surroundings({}, { consents }));
    const call = touch({ channelId: 'call', channelKind: 'call', purpose: 'sales' });
    expect(policy.check(call)).toBeUndefined();
    expect(policy.allowedAt(call, { from: NOW, to: NOW })).toBeUndefined();
    expect(policy.allowedAt(call, { from: inDays(2), to: inDays(2.1) })?.rule).toBe('consent');
    expect(policy.allowedAt(call, { from: inDays(0.9), to: inDays(1.1) })?.rule).toBe('consent');
    expect(policy.nextChange).toEqual(inDays(1));
  });

  it('opens the same windows as one question each', () => {
    const consents = [fact({ expiresAt: inDays(5) })];
    const policy = compileContactPolicy(standard, surroundings({}, { consents }));
    const windows = Array.from({ length: 28 }, (_, index) => ({
      from: inDays(index / 2),
      to: inDays(index / 2 + 0.125),
    }));
    const single = windows.flatMap((one, place) => (policy.allowedAt(optIn(), one) ? [] : [place]));
    const { open, refusal } = policy.openWindows(optIn(), windows);
    expect(open).toEqual(single);
    expect(open.length).toBeGreaterThan(0);
    expect(open.length).toBeLessThan(28);
    expect(refusal?.rule).toBe('quiet-hours');
    expect(policy.openWindows(optIn({ contactId: 'ben' }), windows).open).toEqual([]);
  });

  it('tells the next change that is known', () => {
    const past = surroundings(
      { touches: [pastTouch(daysAgo(1))] },
      { consents: [fact({ expiresAt: inDays(9) })] },
    );
    expect(compileContactPolicy(standard, past).nextChange).toEqual(inDays(2));
    expect(compileContactPolicy(standard, surroundings()).nextChange).toBeNull();
  });

  it('words for every refusal what it would need', () => {
    const needs = wouldNeed({ rule: 'cap', until: inDays(1) });
    expect(needs).toContain('leave the window of the cap');
    expect(needs).toContain('2026-11-19T11:00:00.000Z');
    expect(wouldNeed({ rule: 'consent', until: null })).not.toContain('lapses');
  });
});

const anyFact = fc
  .record({
    contactId: fc.constantFrom('ana', 'ben'),
    channelId: fc.constantFrom('*', 'email', 'visit'),
    purpose: fc.constantFrom('*', 'marketing', 'sales'),
    status: fc.constantFrom('granted', 'pending', 'withdrawn'),
    source: fc.constantFrom('contact', 'import'),
    productId: fc.constantFrom(null, null, 'P'),
    from: fc.integer({ min: -6, max: 6 }),
    lasts: fc.option(fc.integer({ min: 1, max: 6 })),
  })
  .map(({ from, lasts, ...said }) =>
    fact({
      ...said,
      effectiveAt: inDays(from),
      recordedAt: inDays(from),
      expiresAt: lasts === null ? null : inDays(from + lasts),
    }),
  );

const anyTouch = fc
  .record({
    contactId: fc.constantFrom('ana', 'ben'),
    channelId: fc.constantFrom('email', 'visit'),
    channelConsent: fc.constantFrom('opt-in', 'opt-out'),
    purpose: fc.constantFrom('marketing', 'sales'),
    productIds: fc.subarray(['P', 'Q']),
    mandatory: fc.boolean(),
  })
  .map((changes) => touch(changes));

describe('the contact policy, whatever was said before and after', () => {
  it('never allows what consent refuses, now or at any time of the window', () => {
    const visits = rule({
      kind: 'quiet-hours',
      channelKind: 'visit',
      from: '20:00',
      to: '08:00',
      restDays: [],
    });
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 8 }),
        fc.array(fc.tuple(anyTouch, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 4 })), {
          maxLength: 8,
        }),
        fc.integer({ min: 0, max: 8 }),
        (facts, asked, known) => {
          for (const consents of [facts.slice(0, known), facts]) {
            const policy = compileContactPolicy(ruleSet(visits), surroundings({}, { consents }));
            for (const [intended, from, length] of asked) {
              const own = consents.filter((one) => one.contactId === intended.contactId);
              const allows = (at: Date): boolean => consentAllows(own, intended, at).allowed;
              expect(policy.check(intended)?.rule === 'consent').toBe(!allows(NOW));
              const refusal = policy.allowedAt(intended, { from: inDays(from), to: inDays(from + length) });
              const days = Array.from({ length: Math.max(1, length) }, (_, index) => inDays(from + index));
              if (!refusal) expect(days.every(allows)).toBe(true);
              else if (refusal.rule === 'consent') expect(days.every(allows)).toBe(false);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
