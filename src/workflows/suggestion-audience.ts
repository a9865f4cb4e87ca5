import type { MemberId, Role } from '../catalogue/index.js';
import type { RuleSet } from '../contact-policy/index.js';

/**
 * The firewall: whether a role may not see what is about these topics; `enquiry`: what a customer asked about them, which
 * some rules hide alone. Null is a machine, which sees all.
 */
export function isHiddenFrom(
  role: Role | null,
  topics: readonly string[],
  { rules }: Pick<RuleSet, 'rules'>,
  enquiry = false,
): boolean {
  if (role === null || topics.length === 0) return false;
  return rules.some(
    (rule) =>
      rule.kind === 'firewall' &&
      (enquiry || rule.of !== 'enquiries') &&
      rule.hideFrom.includes(role) &&
      rule.topics.some((topic) => topics.includes(topic)),
  );
}

/** Who of a team may be told of these topics: empty where all may, null where the firewall leaves nobody. */
export function audienceOf(
  topics: readonly string[],
  team: readonly { memberId: MemberId; role: Role }[],
  rules: Pick<RuleSet, 'rules'>,
): readonly MemberId[] | null {
  const may = team.filter(({ role }) => !isHiddenFrom(role, topics, rules));
  if (may.length === team.length) return [];
  return may.length > 0 ? may.map(({ memberId }) => memberId) : null;
}
