import type { ConsentAnswer, ConsentFact, ConsentQuestion } from './consent.js';
import { boundaries, covers, inForce, lifts } from './covers.js';
import { type ConsentVerdict, explainConsent } from './explain-consent.js';

/**
 * The verdict at one instant (Unix milliseconds) over facts that cover the touch:
 * 1. every withdrawal in force is lifted by a later grant in force, at least as specific and not imported;
 * 2. where the channel is opt-in, there is a grant in force.
 */
export function verdictAt(
  covering: readonly ConsentFact[],
  question: ConsentQuestion,
  at: number,
): ConsentVerdict {
  const speaking = covering.filter((fact) => inForce(fact, at)).sort(oldestFirst);
  const grants = speaking.filter((fact) => fact.status === 'granted');
  const withdrawals = speaking.filter((fact) => fact.status === 'withdrawn');
  const standing = withdrawals.findLast((withdrawal) => !grants.some((grant) => lifts(grant, withdrawal)));
  const grant = grants.at(-1) ?? null;
  if (standing) return { allowed: false, withdrawal: standing, grant };
  return {
    allowed: question.channelConsent === 'opt-out' || grant !== null,
    withdrawal: grant === null ? null : (withdrawals.at(-1) ?? null),
    grant,
  };
}

function oldestFirst(a: ConsentFact, b: ConsentFact): number {
  return (
    a.effectiveAt.getTime() - b.effectiveAt.getTime() ||
    a.recordedAt.getTime() - b.recordedAt.getTime() ||
    (a.consentId < b.consentId ? -1 : 1)
  );
}

/**
 * Whether a touch is allowed by consent at a time. `facts` are those of one contact, in any order. `until` is the first
 * later instant at which the answer turns, by the facts given; null when it does not turn without a new one.
 */
export function consentAllows(
  facts: readonly ConsentFact[],
  question: ConsentQuestion,
  at: Date,
): ConsentAnswer {
  const covering = facts.filter((fact) => covers(fact, question));
  const now = at.getTime();
  const verdict = verdictAt(covering, question, now);
  const turn = boundaries(covering).find(
    (instant) => instant > now && verdictAt(covering, question, instant).allowed !== verdict.allowed,
  );
  return {
    allowed: verdict.allowed,
    because: explainConsent(verdict, covering, question, now),
    until: turn === undefined ? null : new Date(turn),
  };
}
