import { compileBudget } from './rules/budget.js';
import { compileCap } from './rules/cap.js';
import type { CompiledRule, PolicySurroundings } from './rules/compiled-rule.js';
import { compileConversationHold } from './rules/conversation-hold.js';
import { compileCoolDown } from './rules/cool-down.js';
import { compileFirewall } from './rules/firewall.js';
import { compileReach } from './rules/reach.js';
import { compileOfferLock } from './rules/offer-lock.js';
import { type ContactRule, ruleNames, type RuleOf, type RuleSet } from './rule.js';

/** Kinds that judge a touch by itself; quiet hours judge its window. */
export type StandingKind = Exclude<ContactRule['kind'], 'quiet-hours'>;

/** Every kind has its code here; a kind left out does not compile. */
const compilers: {
  [Kind in StandingKind]: (rule: RuleOf<Kind>, surroundings: PolicySurroundings) => CompiledRule | undefined;
} = {
  cap: compileCap,
  'cool-down': compileCoolDown,
  'conversation-hold': compileConversationHold,
  'offer-lock': compileOfferLock,
  budget: compileBudget,
  reach: compileReach,
  // a touch is ours: no enquiry of the customer's
  firewall: (rule) => (rule.of === 'enquiries' ? undefined : compileFirewall(rule)),
};

/** Undefined when the rule cannot refuse anything in these surroundings. */
export function compileRule<Kind extends StandingKind>(
  rule: RuleOf<Kind>,
  kind: Kind,
  surroundings: PolicySurroundings,
): CompiledRule | undefined {
  return compilers[kind](rule, surroundings);
}

const ordered = new WeakMap<RuleSet, readonly ContactRule[]>();

/** The rules in the order in which they are counted when several refuse: as in `ruleNames`, then by id. */
export function inOrder(rules: RuleSet): readonly ContactRule[] {
  let sorted = ordered.get(rules);
  if (!sorted) {
    sorted = [...rules.rules].sort(
      (a, b) => ruleNames.indexOf(a.kind) - ruleNames.indexOf(b.kind) || (a.ruleId < b.ruleId ? -1 : 1),
    );
    ordered.set(rules, sorted);
  }
  return sorted;
}
