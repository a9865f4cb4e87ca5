import { unitHash } from '../../shared/index.js';
import type { Refusal, RuleOf } from '../rule.js';
import type { CompiledRule, PolicySurroundings } from './compiled-rule.js';

type Reach = RuleOf<'reach'>;

/** Shares are raised in these steps, at these parts of the evidence that opens an action to all. */
const STEPS: readonly { evidence: number; share: number }[] = [
  { evidence: 0.25, share: 0.25 },
  { evidence: 0.5, share: 0.5 },
  { evidence: 1, share: 1 },
];

/** Share of the accounts that an action reaches after so many touches: at first `startShare`, more in steps. */
export function reachShare(
  { startShare, fullAt }: Pick<Reach, 'startShare' | 'fullAt'>,
  evidence: number,
): number {
  const reached = STEPS.findLast((step) => evidence >= step.evidence * fullAt);
  return Math.max(startShare, reached?.share ?? 0);
}

/** Whether an account is among the first to be shown an action. Who is in at one share is in at every larger one. */
export function isReached(actionId: string, accountId: string, share: number): boolean {
  return unitHash(`reach:${actionId}:${accountId}`) < share;
}

/** New actions go to few accounts until there is evidence; mandatory ones to all. */
export function compileReach(
  rule: Reach,
  { history, reach }: Pick<PolicySurroundings, 'history' | 'reach'>,
): CompiledRule | undefined {
  const refused = new Map<string, Refusal>();
  for (const [actionId, { share, evidence }] of reach ?? []) {
    if (share >= 1 || isReached(actionId, history.accountId, share)) continue;
    const because = `It is new, after ${evidence} of ${rule.fullAt} touches, and goes to ${Math.round(share * 100)} % of the accounts.`;
    refused.set(actionId, { rule: 'reach', ruleId: rule.ruleId, because, until: null });
  }
  if (refused.size === 0) return undefined;
  return {
    changesAt: null,
    refuses: (touch) => (touch.mandatory ? undefined : refused.get(touch.actionId)),
  };
}
