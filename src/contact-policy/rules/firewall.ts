import type { Role } from '../../catalogue/index.js';
import type { IntendedTouch } from '../intended-touch.js';
import type { Refusal, RuleOf, RuleSet } from '../rule.js';
import type { CompiledRule } from './compiled-rule.js';

/** Events with which a customer says something in words: of these a firewall for enquiries speaks. */
export const enquiryEvents: ReadonlySet<string> = new Set([
  'Question Asked',
  'Question Answered',
  'Form Submitted',
  'Email Replied',
  'Complaint Opened',
]);

/** Topics that a role may not see. */
export interface HiddenTopics {
  /** In anything. */
  topics: string[];
  /** In what a customer asked or said. */
  enquiries: string[];
}

/** What the firewall hides from a role; null is a machine or everybody, from whom nothing is hidden. */
export function hiddenFrom({ rules }: Pick<RuleSet, 'rules'>, role: Role | null): HiddenTopics {
  const hidden: HiddenTopics = { topics: [], enquiries: [] };
  for (const rule of rules) {
    if (rule.kind !== 'firewall' || role === null || !rule.hideFrom.includes(role)) continue;
    hidden[rule.of === 'enquiries' ? 'enquiries' : 'topics'].push(...rule.topics);
  }
  return hidden;
}

/** Topics of which a role may see nothing. */
export function hiddenTopics(rules: Pick<RuleSet, 'rules'>, role: Role | null): string[] {
  return hiddenFrom(rules, role).topics;
}

/** Whether something about these topics is hidden; `enquiry`: a customer asked or said it. */
export function isHidden(hidden: HiddenTopics, topics: readonly string[], enquiry: boolean): boolean {
  return topics.some(
    (topic) => hidden.topics.includes(topic) || (enquiry && hidden.enquiries.includes(topic)),
  );
}

/** Topics that some roles may not see: neither in a list shown to them nor as something they are to perform. */
export function compileFirewall(rule: RuleOf<'firewall'>): CompiledRule {
  return {
    changesAt: null,
    forAllAccounts: true,
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
