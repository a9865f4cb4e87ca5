import type { ConsentFact } from '../consent/index.js';
import type { Message } from '../delivery/index.js';
import type { Touch } from '../events/index.js';

/** What a contact allows or refuses from now on. */
export function consentMessage(messageId: string, fact: ConsentFact): Message {
  return {
    messageId,
    type: 'consent.changed',
    occurredAt: fact.recordedAt,
    accountId: fact.accountId,
    memberIds: [],
    data: {
      consentId: fact.consentId,
      accountId: fact.accountId,
      contactId: fact.contactId,
      channelId: fact.channelId,
      purpose: fact.purpose,
      status: fact.status,
      source: fact.source,
      productId: fact.productId,
      topic: fact.topic,
      effectiveAt: fact.effectiveAt.toISOString(),
      expiresAt: fact.expiresAt?.toISOString() ?? null,
      recordedAt: fact.recordedAt.toISOString(),
    },
    notAfter: null,
  };
}

/** A touch that a connector was asked for is not wanted any more. */
export function cancelledMessage(messageId: string, touch: Touch, because: string, at: Date): Message {
  return {
    messageId,
    type: 'touch.cancelled',
    occurredAt: at,
    accountId: touch.accountId,
    memberIds: [],
    data: {
      touchId: touch.touchId,
      accountId: touch.accountId,
      contactId: touch.contactId,
      channelId: touch.channelId,
      because,
      cancelledAt: at.toISOString(),
    },
    notAfter: null,
  };
}
