import type { AccountId, ContactId } from '../../catalogue/index.js';
import { addDays } from '../../shared/index.js';
import type { ConsentFact, ConsentId } from '../consent.js';
import type { ConsentStatement } from '../statement.js';

/** Days within which a consent that was asked for is confirmed, or lapses. */
export const CONFIRMATION_DAYS = 7;

/** A mail that asks the contact whether it was she who agreed. */
export interface Confirmation {
  consentId: ConsentId;
  accountId: AccountId;
  contactId: ContactId;
  /** Refusals so far that may pass. */
  tries: number;
  /** When the consent was recorded. */
  recordedAt: Date;
}

/** What became of a mail of confirmation. `unknown`: whoever sent it never said; it is not sent again. */
export type ConfirmationEnd =
  | { state: 'sent' | 'unknown' }
  | { state: 'due'; nextTryAt: Date; because: string }
  /** Not sent, and not needed or not possible any more. */
  | { state: 'failed'; because: string };

/** Which mails of confirmation are due, at most one for each unconfirmed consent. */
export abstract class Confirmations {
  /** Notes what was recorded unconfirmed since; those noted before are left as they are. */
  abstract note(since: Date, at: Date): Promise<void>;
  /** Takes due ones in hand: from now on they are being sent, by nobody else. */
  abstract take(at: Date, leaseUntil: Date, limit: number): Promise<Confirmation[]>;
  abstract end(consentId: ConsentId, end: ConfirmationEnd): Promise<void>;
  /** Those whose sender died are `unknown`. */
  abstract giveUp(at: Date): Promise<number>;
}

/** When the link in its mail ends. */
export function confirmableUntil({ recordedAt }: { recordedAt: Date }): Date {
  return addDays(recordedAt, CONFIRMATION_DAYS);
}

/** Where an unconfirmed consent stands, by all that the contact said. */
export type Confirmability = 'open' | 'confirmed' | 'refused-since' | 'unknown';

export function confirmability(consentId: ConsentId, facts: readonly ConsentFact[]): Confirmability {
  const pending = facts.find((fact) => fact.consentId === consentId);
  if (pending?.status !== 'pending') return 'unknown';
  const meets = (own: string | null, other: string | null): boolean =>
    own === other || own === null || other === null || own === '*' || other === '*';
  const later = facts.filter(
    (fact) =>
      fact.consentId !== consentId &&
      fact.recordedAt >= pending.recordedAt &&
      meets(fact.channelId, pending.channelId) &&
      meets(fact.purpose, pending.purpose) &&
      meets(fact.productId, pending.productId) &&
      meets(fact.topic, pending.topic),
  );
  if (later.some((fact) => fact.status === 'withdrawn')) return 'refused-since';
  return later.some((fact) => fact.proof === proofOf(consentId)) ? 'confirmed' : 'open';
}

/** What she says by confirming, with the words to which she had agreed as proof. */
export function confirming(pending: ConsentFact, wording: string): ConsentStatement {
  const { channelId, purpose, productId, topic, consentId, expiresAt } = pending;
  return {
    channelId,
    purpose,
    productId,
    topic,
    expiresAt,
    status: 'granted',
    source: 'link',
    wording: pending.wording ?? wording,
    proof: proofOf(consentId),
  };
}

function proofOf(consentId: ConsentId): string {
  return `confirmation of ${consentId}`;
}
