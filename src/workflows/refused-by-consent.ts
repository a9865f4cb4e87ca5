import type { AccountId, Channel, ChannelId, Purpose } from '../catalogue/index.js';
import { compileConsents, type ConsentFact, type ConsentQuestion } from '../consent/index.js';
import type { Touch } from '../events/index.js';
import type { ClosingReason, StandingSuggestion } from '../suggestions/index.js';

export interface AskedOfConsent {
  facts: ReadonlyMap<AccountId, readonly ConsentFact[]>;
  suggestions: readonly StandingSuggestion[];
  /** Planned or being sent. */
  touches: readonly Touch[];
  channels: ReadonlyMap<ChannelId, Channel>;
  at: Date;
}

export interface RefusedTouch {
  touch: Touch;
  because: string;
}

export interface RefusedByConsent {
  suggestions: { suggestion: StandingSuggestion; because: ClosingReason }[];
  planned: RefusedTouch[];
  sending: RefusedTouch[];
}

/** What stands and may no longer happen: refused now, or at the time for which it is planned. */
export function refusedByNewConsent(asked: AskedOfConsent): RefusedByConsent {
  const refusal = refusalFinder(asked);
  const refused: RefusedByConsent = { suggestions: [], planned: [], sending: [] };
  for (const suggestion of asked.suggestions) {
    const because = refusal(suggestion, suggestion.slotFrom);
    if (because === undefined) continue;
    refused.suggestions.push({
      suggestion,
      because: { code: 'consent-withdrawn', args: { detail: because } },
    });
  }
  for (const touch of asked.touches) {
    if (touch.contactId === null) continue;
    const because = refusal(
      { ...touch, contactId: touch.contactId, purpose: touch.purpose ?? UNSTATED },
      touch.at,
    );
    if (because === undefined) continue;
    (touch.state === 'sending' ? refused.sending : refused.planned).push({ touch, because });
  }
  return refused;
}

/** What a touch without a stated purpose is taken for. */
const UNSTATED: Purpose = 'marketing';

type Asked = Pick<
  StandingSuggestion,
  'accountId' | 'contactId' | 'channelId' | 'purpose' | 'productIds' | 'topics'
>;

function refusalFinder({
  facts,
  channels,
  at,
}: AskedOfConsent): (one: Asked, planned: Date) => string | undefined {
  const compiled = new Map([...facts].map(([accountId, own]) => [accountId, compileConsents(own)]));
  return (one, planned) => {
    const consent = compiled.get(one.accountId)?.(one.contactId);
    if (!consent) return undefined;
    const question: ConsentQuestion = {
      channelId: one.channelId,
      channelConsent: channels.get(one.channelId)?.consent ?? 'opt-in',
      purpose: one.purpose,
      productIds: one.productIds,
      topics: one.topics,
    };
    const answers = [consent.answer(question, at), consent.answer(question, planned > at ? planned : at)];
    return answers.find((answer) => !answer.allowed)?.because;
  };
}
