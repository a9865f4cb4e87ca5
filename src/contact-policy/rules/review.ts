import type { PastDismissal } from '../history.js';
import type { Refusal } from '../rule.js';
import { type CompiledRule, type PolicySurroundings, readable } from './compiled-rule.js';

/**
 * What somebody called not compliant is not suggested to the account, to no contact and mandatory or not, until
 * compliance has looked at it, nor after it has agreed. Undefined when nothing of the account was.
 */
export function compileReviews({ history }: Pick<PolicySurroundings, 'history'>): CompiledRule | undefined {
  const refused = new Map<string, Refusal>();
  for (const dismissal of history.dismissals) {
    if (dismissal.review === 'open' || dismissal.review === 'upheld')
      refused.set(dismissal.actionId, refusal(dismissal));
  }
  if (refused.size === 0) return undefined;
  return { changesAt: null, refuses: ({ actionId }) => refused.get(actionId) };
}

function refusal({ at, review }: PastDismissal): Refusal {
  const said = `It was dismissed as not compliant on ${readable(at)}`;
  const because =
    review === 'open' ? `${said} and waits for a review by compliance.` : `${said}, and compliance agreed.`;
  return { rule: 'cool-down', ruleId: null, because, until: null };
}
