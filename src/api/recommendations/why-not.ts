import { type RuleName, wouldNeed } from '../../contact-policy/index.js';
import type { ConsideredCandidate, Decision } from '../../recommender/index.js';

/** Why something is not suggested, and what would have to change. `suggested`: it is. */
export interface WhyNot {
  rule: RuleName | 'lower-priority' | 'suggested';
  because: string;
  until?: Date;
  wouldNeed: string | null;
}

/** The answer for an action, perhaps on one channel and for one contact: what stands nearest to being suggested. */
export function whyNot(
  { suggestions }: Decision,
  considered: readonly ConsideredCandidate[],
  asked: { actionId: string; channelId?: string | undefined; contactId?: string | undefined },
): WhyNot {
  const fits = (candidate: { actionId: string; channelId: string; contactId: string }) =>
    candidate.actionId === asked.actionId &&
    (asked.channelId === undefined || candidate.channelId === asked.channelId) &&
    (asked.contactId === undefined || candidate.contactId === asked.contactId);
  const place = suggestions.find(fits);
  if (place)
    return { rule: 'suggested', because: `It is suggested, at place ${place.rank}.`, wouldNeed: null };
  const candidates = considered.filter(fits);
  const [best] = candidates
    .filter(({ rule }) => rule === undefined)
    .sort((a, b) => (b.priority ?? -Infinity) - (a.priority ?? -Infinity));
  if (best) return lowerPriority(best.priority ?? 0, suggestions);
  const [refused] = candidates;
  if (refused?.rule === undefined) return notACandidate();
  const { rule, because = '', until = null } = refused;
  return { rule, because, ...(until ? { until } : {}), wouldNeed: wouldNeed({ rule, until }) };
}

function lowerPriority(priority: number, suggestions: Decision['suggestions']): WhyNot {
  const last = suggestions.at(-1);
  if (priority <= 0 || !last) {
    return {
      rule: 'lower-priority',
      because: `Its priority is ${rounded(priority)}: it costs more than it is expected to bring.`,
      wouldNeed: 'A priority above 0: a higher value, a better chance, or a cheaper channel.',
    };
  }
  return {
    rule: 'lower-priority',
    because: `Its priority is ${rounded(priority)}; the last place went to ${last.actionId} with ${rounded(last.priority)}.`,
    wouldNeed: `A priority above ${rounded(last.priority)}, or a longer list.`,
  };
}

function notACandidate(): WhyNot {
  return {
    rule: 'eligibility',
    because:
      'It is no candidate here: it is not valid now, not offered on this channel, or the contact cannot be reached there.',
    wouldNeed: "The action's validity and channels, and the contact's address, would have to admit it.",
  };
}

function rounded(priority: number): number {
  return Math.round(priority * 100) / 100;
}
