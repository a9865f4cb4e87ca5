import { addDays } from '../../shared/index.js';
import type { PastTouch } from '../history.js';
import type { IntendedTouch } from '../intended-touch.js';
import type { Refusal, RuleOf } from '../rule.js';
import { type CompiledRule, firstLapse, type PolicySurroundings } from './compiled-rule.js';

type Cap = RuleOf<'cap'>;

/**
 * At most `limit` touches within a sliding window of `days`, per contact or account. Touches that are planned or being
 * sent count; one whose purpose nobody stated counts against every purpose.
 */
export function compileCap(rule: Cap, surroundings: PolicySurroundings): CompiledRule | undefined {
  const reached = new Map<string, Refusal>();
  for (const [whom, touches] of countedBy(rule, surroundings)) {
    const oldest = touches.at(-rule.limit);
    if (oldest) reached.set(whom, refusal(rule, touches.length, addDays(oldest.at, rule.days)));
  }
  if (reached.size === 0) return undefined;
  return {
    changesAt: firstLapse(reached.values()),
    refuses: (touch) =>
      !touch.mandatory && binds(rule, touch)
        ? reached.get(rule.per === 'contact' ? touch.contactId : ACCOUNT)
        : undefined,
  };
}

const ACCOUNT = '';

/** The touches that count, oldest first, by contact or under the account. */
function countedBy(rule: Cap, { history, at, channelKindOf }: PolicySurroundings): Map<string, PastTouch[]> {
  const since = addDays(at, -rule.days);
  const counted = new Map<string, PastTouch[]>();
  for (const touch of history.touches) {
    if (touch.at <= since || !counts(rule, touch, channelKindOf)) continue;
    if (rule.per === 'contact' && touch.contactId === null) continue;
    const whom = rule.per === 'contact' ? (touch.contactId ?? ACCOUNT) : ACCOUNT;
    const own = counted.get(whom);
    if (own) own.push(touch);
    else counted.set(whom, [touch]);
  }
  for (const touches of counted.values()) touches.sort((a, b) => a.at.getTime() - b.at.getTime());
  return counted;
}

function counts(rule: Cap, touch: PastTouch, kindOf: PolicySurroundings['channelKindOf']): boolean {
  if (rule.channelId !== undefined && touch.channelId !== rule.channelId) return false;
  if (rule.purpose !== undefined && touch.purpose !== null && touch.purpose !== rule.purpose) return false;
  if (rule.channelKind === undefined) return true;
  return (kindOf ? kindOf(touch.channelId) : touch.channelId) === rule.channelKind;
}

function binds(rule: Cap, touch: IntendedTouch): boolean {
  return (
    (rule.channelId === undefined || rule.channelId === touch.channelId) &&
    (rule.channelKind === undefined || rule.channelKind === touch.channelKind) &&
    (rule.purpose === undefined || rule.purpose === touch.purpose)
  );
}

function refusal(rule: Cap, count: number, until: Date): Refusal {
  const purpose = rule.purpose ? `${rule.purpose} ` : '';
  const channel = rule.channelId ?? rule.channelKind;
  const by = channel ? ` by ${channel}` : '';
  return {
    rule: 'cap',
    ruleId: rule.ruleId,
    because: `${count} ${purpose}touches${by} of this ${rule.per} within ${rule.days} days (limit ${rule.limit}).`,
    until,
  };
}
