import type { ConsentAnswer } from '../../consent/index.js';
import type { Refusal } from '../rule.js';

/** The refusal that an answer of consent is; undefined when it allows. */
export function refusedByConsent(answer: ConsentAnswer | undefined): Refusal | undefined {
  if (answer === undefined || answer.allowed) return undefined;
  return { rule: 'consent', ruleId: null, because: answer.because, until: answer.until };
}
