import type { ConsentFact, ConsentQuestion } from './consent.js';

/** Whether a fact speaks at an instant (Unix milliseconds): in effect, and not yet expired. */
export function inForce(fact: ConsentFact, at: number): boolean {
  return fact.effectiveAt.getTime() <= at && (fact.expiresAt === null || at < fact.expiresAt.getTime());
}

/**
 * Whether a fact speaks about a touch. Channel and purpose are `*` or equal; product and topic are absent or match: to
 * withdraw, any of the touch's products or topics is enough; to grant, all of them must be named (and there must be one).
 */
export function covers(fact: ConsentFact, question: ConsentQuestion): boolean {
  if (fact.channelId !== '*' && fact.channelId !== question.channelId) return false;
  if (fact.purpose !== '*' && fact.purpose !== question.purpose) return false;
  const matches = fact.status === 'withdrawn' ? anyIs : allAre;
  return matches(question.productIds, fact.productId) && matches(question.topics, fact.topic);
}

function anyIs(of: readonly string[], named: string | null): boolean {
  return named === null || of.includes(named);
}

function allAre(of: readonly string[], named: string | null): boolean {
  return named === null || (of.length > 0 && of.every((one) => one === named));
}

/**
 * Whether a later grant lifts a withdrawal: at least as specific in each dimension, and said by somebody now, not
 * imported.
 */
export function lifts(grant: ConsentFact, withdrawal: ConsentFact): boolean {
  return (
    grant.status === 'granted' &&
    grant.source !== 'import' &&
    grant.effectiveAt.getTime() > withdrawal.effectiveAt.getTime() &&
    (grant.channelId !== '*' || withdrawal.channelId === '*') &&
    (grant.purpose !== '*' || withdrawal.purpose === '*') &&
    (grant.productId !== null || withdrawal.productId === null) &&
    (grant.topic !== null || withdrawal.topic === null)
  );
}

/** Instants (Unix milliseconds, ascending, distinct) at which one of the facts begins or ceases to speak. */
export function boundaries(facts: readonly ConsentFact[]): number[] {
  const instants = new Set<number>();
  for (const fact of facts) {
    instants.add(fact.effectiveAt.getTime());
    if (fact.expiresAt !== null) instants.add(fact.expiresAt.getTime());
  }
  return [...instants].sort((a, b) => a - b);
}
