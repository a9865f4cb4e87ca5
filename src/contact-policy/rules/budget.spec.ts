import { describe, expect, it } from '@jest/globals';
import { rule, surroundings, touch } from '../../../test/support/contact-policy.js';
import { compileBudget } from './budget.js';

const fifteen = rule({ kind: 'budget', role: 'account-manager', perDay: 15 });
const used = (count: number, changes: object = {}): ReturnType<typeof surroundings> =>
  surroundings(
    {},
    { budgets: new Map([['kim', { role: 'account-manager', day: '2026-11-18', used: count, ...changes }]]) },
  );
const byKim = (changes: object = {}): ReturnType<typeof touch> =>
  touch({ performedBy: 'account-manager', memberId: 'kim', ...changes });

describe('a budget of attention', () => {
  it("is spent at its number, until the member's next day", () => {
    expect(compileBudget(fifteen, used(15))?.refuses(byKim())).toEqual({
      rule: 'budget',
      ruleId: 'rule',
      because: 'kim already has 15 suggestions on 2026-11-18 (15 a day for the role account-manager).',
      until: new Date('2026-11-19T00:00:00Z'),
    });
    expect(compileBudget(fifteen, used(14))).toBeUndefined();
  });

  it('ends at the start of the day where the member lives', () => {
    const resetsAt = new Date('2026-11-18T23:00:00Z');
    expect(compileBudget(fifteen, used(15, { resetsAt }))?.refuses(byKim())?.until).toEqual(resetsAt);
  });

  it('has nothing to say of yesterday', () => {
    expect(compileBudget(fifteen, used(15, { day: '2026-11-17' }))).toBeUndefined();
  });

  it('leaves others, automatic channels and mandatory actions alone', () => {
    const budget = compileBudget(fifteen, used(15));
    expect(budget?.refuses(byKim({ memberId: 'lee' }))).toBeUndefined();
    expect(budget?.refuses(touch())).toBeUndefined();
    expect(budget?.refuses(byKim({ mandatory: true }))).toBeUndefined();
  });
});
