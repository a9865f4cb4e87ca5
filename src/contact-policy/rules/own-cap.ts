import type { ChannelKind, ContactId } from '../../catalogue/index.js';
import { addDays } from '../../shared/index.js';
import type { Refusal } from '../rule.js';
import { type CompiledRule, firstLapse, type PolicySurroundings } from './compiled-rule.js';

/** What reaches her where she is. Meetings, calls, and what she comes to see by herself, are no messages. */
const MESSAGES: ReadonlySet<ChannelKind | undefined> = new Set([
  'email',
  'sms',
  'app',
  'chat',
  'social',
  'mail',
] as const);
const DAYS = 7;

/**
 * A contact's own cap: at most so many messages within 7 days, whatever they are for. As with caps of ours, those that are
 * being sent count, and mandatory ones go out all the same. Undefined when nobody's is reached.
 */
export function compileOwnCaps({
  history,
  at,
  ownCaps,
  channelKindOf,
}: Pick<PolicySurroundings, 'history' | 'at' | 'ownCaps' | 'channelKindOf'>): CompiledRule | undefined {
  if (!ownCaps || ownCaps.size === 0) return undefined;
  const since = addDays(at, -DAYS);
  const kindOf = channelKindOf ?? ((channelId) => channelId as string as ChannelKind);
  const reached = new Map<ContactId, Refusal>();
  for (const [contactId, limit] of ownCaps) {
    const times = history.touches
      .filter((touch) => touch.contactId === contactId && touch.at > since)
      .filter((touch) => MESSAGES.has(kindOf(touch.channelId)))
      .map((touch) => touch.at)
      .sort((a, b) => a.getTime() - b.getTime());
    const oldest = times.at(-limit);
    if (oldest) reached.set(contactId, refusal(limit, times.length, addDays(oldest, DAYS)));
  }
  if (reached.size === 0) return undefined;
  return {
    changesAt: firstLapse(reached.values()),
    refuses: (touch) =>
      !touch.mandatory && MESSAGES.has(touch.channelKind) ? reached.get(touch.contactId) : undefined,
  };
}

function refusal(limit: number, count: number, until: Date): Refusal {
  const because = `The contact asked for at most ${limit} messages within ${DAYS} days, and had ${count}.`;
  return { rule: 'cap', ruleId: null, because, until };
}
