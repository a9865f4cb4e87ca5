import { addDays } from '../../shared/index.js';
import type { MemberId } from '../../catalogue/index.js';
import type { BudgetUsed } from '../history.js';
import type { Refusal, RuleOf } from '../rule.js';
import { type CompiledRule, firstLapse, type PolicySurroundings } from './compiled-rule.js';

type Budget = RuleOf<'budget'>;

/** At most `perDay` suggestions a day for each member of a role. */
export function compileBudget(rule: Budget, { budgets, at }: PolicySurroundings): CompiledRule | undefined {
  const spent = new Map<MemberId, Refusal>();
  for (const [memberId, budget] of budgets) {
    const until = budget.resetsAt ?? addDays(new Date(`${budget.day}T00:00:00Z`), 1);
    if (budget.role !== rule.role || budget.used < rule.perDay || until <= at) continue;
    spent.set(memberId, refusal(rule, memberId, budget, until));
  }
  if (spent.size === 0) return undefined;
  return {
    changesAt: firstLapse(spent.values()),
    refuses: (touch) =>
      touch.mandatory || touch.memberId === null || touch.performedBy !== rule.role
        ? undefined
        : spent.get(touch.memberId),
  };
}

function refusal(rule: Budget, memberId: MemberId, budget: BudgetUsed, until: Date): Refusal {
  return {
    rule: 'budget',
    ruleId: rule.ruleId,
    because: `${memberId} already has ${budget.used} suggestions on ${budget.day} (${rule.perDay} a day for the role ${rule.role}).`,
    until,
  };
}
