import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileReach, isReached, reachShare } from './reach.js';

const rule = { ruleId: 'ramp', kind: 'reach', startShare: 0.1, fullAt: 100, from: 0 } as never;

describe('the reach of a new action', () => {
  it('grows in steps with the touches that were logged, and never shrinks', () => {
    const share = (evidence: number) => reachShare({ startShare: 0.1, fullAt: 100 }, evidence);
    expect([0, 24, 25, 50, 99, 100, 5000].map(share)).toEqual([0.1, 0.1, 0.25, 0.5, 0.5, 1, 1]);
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (a, b) => share(Math.min(a, b)) <= share(Math.max(a, b))),
    );
  });

  it('is about its share of the accounts, always the same ones, and others for another action', () => {
    const accounts = Array.from({ length: 5000 }, (_, index) => `account-${index}`);
    const reached = (action: string, share: number) => accounts.filter((id) => isReached(action, id, share));
    const few = reached('new', 0.1);
    expect(few.length / accounts.length).toBeGreaterThan(0.08);
    expect(few.length / accounts.length).toBeLessThan(0.12);
    const more = new Set(reached('new', 0.25));
    expect(few.every((id) => more.has(id))).toBe(true);
    expect(reached('other', 0.1).filter((id) => few.includes(id)).length).toBeLessThan(few.length / 2);
  });

  it('refuses with the reason, and neither what is mandatory nor what reaches everybody', () => {
    const account = Array.from({ length: 100 }, (_, index) => `a${index}`).find(
      (id) => !isReached('new', id, 0.1),
    );
    const compiled = compileReach(rule, {
      history: { accountId: account } as never,
      reach: new Map([
        ['new', { share: 0.1, evidence: 3 }],
        ['old', { share: 1, evidence: 500 }],
      ]) as never,
    });
    const refusal = (actionId: string, mandatory = false) =>
      compiled?.refuses({ actionId, mandatory } as never);
    expect(refusal('new')).toMatchObject({
      rule: 'reach',
      because: expect.stringContaining('3 of 100 touches'),
    });
    expect(refusal('new', true)).toBeUndefined();
    expect(refusal('old')).toBeUndefined();
    expect(compileReach(rule, { history: { accountId: account } as never })).toBeUndefined();
  });
});
