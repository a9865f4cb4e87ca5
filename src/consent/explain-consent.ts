import type { ConsentFact, ConsentQuestion } from './consent.js';
import { inForce } from './covers.js';

/** The facts that decided: an unlifted withdrawal refuses; otherwise a grant, or the channel's own setting. */
export interface ConsentVerdict {
  allowed: boolean;
  /** The withdrawal that stands; when allowed, one that was lifted. */
  withdrawal: ConsentFact | null;
  /** The latest grant in force. */
  grant: ConsentFact | null;
}

const BY: Record<ConsentFact['source'], string> = {
  contact: 'by the contact',
  member: 'through a team member',
  import: 'by an import',
  link: 'by a link the contact followed',
};

/** A time as a person reads it, to the minute, in UTC. */
function time(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function about(fact: ConsentFact): string {
  const channel = fact.channelId === '*' ? 'every channel' : fact.channelId;
  const purpose = fact.purpose === '*' ? 'every purpose' : fact.purpose;
  const product = fact.productId === null ? '' : `, product ${fact.productId}`;
  const topic = fact.topic === null ? '' : `, topic ${fact.topic}`;
  return `${channel}, ${purpose}${product}${topic}`;
}

/** Who said what, when, and in which words: "withdrawn by the contact on … for email, marketing: “no e-mail, please”". */
export function describeFact(fact: ConsentFact): string {
  const recorder = fact.source === 'member' ? ` (${fact.recordedBy})` : '';
  const words = fact.wording ? `: “${fact.wording}”` : '';
  const expiry = fact.expiresAt === null ? '' : `, until ${time(fact.expiresAt)}`;
  return `${fact.status} ${BY[fact.source]}${recorder} on ${time(fact.effectiveAt)} for ${about(fact)}${expiry}${words}`;
}

/** One sentence that says why, naming the fact. `covering` are the facts that speak about the touch at some time. */
export function explainConsent(
  verdict: ConsentVerdict,
  covering: readonly ConsentFact[],
  question: ConsentQuestion,
  at: number,
): string {
  if (!verdict.allowed) {
    return verdict.withdrawal === null
      ? noGrant(covering, question, at)
      : sentence(describeFact(verdict.withdrawal));
  }
  const granted = verdict.grant && describeFact(verdict.grant);
  if (verdict.withdrawal !== null && granted !== null) return sentence(`withdrawn before, but ${granted}`);
  if (granted !== null) return sentence(granted);
  return `${question.channelId} needs no consent in advance, and nothing that covers this was withdrawn.`;
}

function noGrant(covering: readonly ConsentFact[], question: ConsentQuestion, at: number): string {
  const needs = `${question.channelId} needs consent in advance for ${question.purpose}`;
  const pending = covering.findLast((fact) => fact.status === 'pending' && inForce(fact, at));
  if (pending) return `${needs}, and the consent asked for is not confirmed yet: ${describeFact(pending)}.`;
  const granted = covering.filter((fact) => fact.status === 'granted');
  const coming = granted.find((fact) => fact.effectiveAt.getTime() > at);
  if (coming) return `${needs}, and it does not hold yet: ${describeFact(coming)}.`;
  const lapsed = granted.findLast((fact) => fact.expiresAt !== null && fact.expiresAt.getTime() <= at);
  if (lapsed) return `${needs}, and it has lapsed: ${describeFact(lapsed)}.`;
  return `${needs}, and none was given.`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
