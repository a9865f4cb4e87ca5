import type { AccountId, Catalogue } from '../catalogue/index.js';
import type { ConsentFact } from '../consent/index.js';
import {
  type AccountEvent,
  quotesOfEvent,
  type ThreadLog,
  threadOfEvent,
  type TouchLog,
  touchOfEvent,
} from '../events/index.js';
import type { Transaction } from '../shared/index.js';

export interface ConsequenceParts {
  touches: TouchLog;
  threads: ThreadLog;
  /** Records consent facts of locked accounts, and withdraws what they forbid. */
  applyConsent: (facts: readonly ConsentFact[], within: Transaction) => Promise<void>;
  /** Consent facts of locked accounts, for events that carry a privacy signal. */
  knownConsent?: (
    accountIds: readonly AccountId[],
    within: Transaction,
  ) => Promise<Map<AccountId, ConsentFact[]>>;
  /** Makes tasks of promises, and closes those that were kept. The accounts are locked. */
  applyPromises?: (events: readonly AccountEvent[], within: Transaction) => Promise<void>;
  /** Closes the suggestions of locked accounts that events contradict. */
  closeContradicted?: (
    events: readonly AccountEvent[],
    catalogue: Catalogue,
    within: Transaction,
  ) => Promise<void>;
  /** Tells the learner which accounts to look at. */
  noticeOutcomes?: (
    events: readonly AccountEvent[],
    catalogue: Catalogue,
    within: Transaction,
  ) => Promise<void>;
}

/** Touches, threads, quotes and consent facts that events tell of. The accounts are locked. */
export async function recordConsequences(
  events: readonly AccountEvent[],
  facts: readonly ConsentFact[],
  catalogue: Catalogue,
  parts: ConsequenceParts,
  within: Transaction,
): Promise<void> {
  const touches = events.flatMap((event) => touchOfEvent(event, catalogue) ?? []);
  const threads = events.flatMap((event) => threadOfEvent(event) ?? []);
  const quotes = events.flatMap((event) => quotesOfEvent(event));
  await parts.touches.put(touches, within);
  await parts.threads.apply(threads, within);
  await parts.threads.quote(quotes, within);
  if (facts.length > 0) await parts.applyConsent(facts, within);
  await parts.applyPromises?.(events, within);
  await parts.closeContradicted?.(events, catalogue, within);
  await parts.noticeOutcomes?.(events, catalogue, within);
}
