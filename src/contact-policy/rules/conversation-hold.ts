import { addDays } from '../../shared/index.js';
import type { OpenThread } from '../history.js';
import type { Refusal, RuleOf } from '../rule.js';
import { type CompiledRule, firstLapse, type PolicySurroundings, readable } from './compiled-rule.js';

type Hold = RuleOf<'conversation-hold'>;

const NAMES: Record<OpenThread['kind'], string> = {
  conversation: 'A conversation',
  complaint: 'A complaint',
  'visit-follow-up': 'A next step agreed in a visit or call',
};

/** While a conversation, complaint or promised next step is open, at most `days`, the named purposes are silent. */
export function compileConversationHold(
  rule: Hold,
  { history, at }: PolicySurroundings,
): CompiledRule | undefined {
  const held = history.threads
    .filter((thread) => thread.kind === rule.while)
    .map((thread) => ({ thread, until: endOf(thread, rule) }))
    .filter(({ thread, until }) => thread.openedAt <= at && until > at)
    .map(({ thread, until }) => ({ contactIds: thread.contactIds, refusal: refusal(rule, thread, until) }))
    .sort((a, b) => Number(b.refusal.until) - Number(a.refusal.until));
  if (held.length === 0) return undefined;
  const silent = new Set(rule.silences);
  return {
    changesAt: firstLapse(held.map((hold) => hold.refusal)),
    refuses: (touch) => {
      if (!silent.has(touch.purpose)) return undefined;
      if (rule.per !== 'contact') return held[0]?.refusal;
      return held.find(({ contactIds }) => contactIds.length === 0 || contactIds.includes(touch.contactId))
        ?.refusal;
    },
  };
}

function endOf(thread: OpenThread, rule: Hold): Date {
  const latest = addDays(thread.openedAt, rule.days);
  return thread.closedAt !== null && thread.closedAt < latest ? thread.closedAt : latest;
}

function refusal(rule: Hold, thread: OpenThread, until: Date): Refusal {
  return {
    rule: 'conversation-hold',
    ruleId: rule.ruleId,
    because:
      `${NAMES[thread.kind]} (${thread.conversationId}) has been open since ${readable(thread.openedAt)}: ` +
      `no ${rule.silences.join(' or ')} until it is closed, at most ${rule.days} days.`,
    until,
  };
}
