import type { IntendedTouch } from '../intended-touch.js';
import type { Refusal, RuleOf } from '../rule.js';
import type { CompiledRule } from './compiled-rule.js';

/** Topics that some roles may not see: neither in a list shown to them nor as something they are to perform. */
export function compileFirewall(rule: RuleOf<'firewall'>): CompiledRule {
  return {
    changesAt: null,
    refuses: (touch) => {
      const role = rule.hideFrom.find(
        (hidden) => hidden === touch.viewerRole || hidden === touch.performedBy,
      );
      if (role === undefined) return undefined;
      const topic = rule.topics.find((hidden) => touch.topics.includes(hidden));
      return topic === undefined ? undefined : refusal(rule, touch, topic, role);
    },
  };
}

function refusal(rule: RuleOf<'firewall'>, touch: IntendedTouch, topic: string, role: string): Refusal {
  const use = role === touch.viewerRole ? 'is not shown to' : 'is not performed by';
  return {
    rule: 'firewall',
    ruleId: rule.ruleId,
    because: `The topic ${topic} ${use} the role ${role}.`,
    until: null,
  };
}
