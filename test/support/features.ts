import type { AccountId, ContactId } from '../../src/catalogue/index.js';
import type { AccountEvent, EventId } from '../../src/events/index.js';
import { addDays } from '../../src/shared/index.js';

const NOW = new Date('2026-03-02T09:00:00Z');
let made = 0;

/** Days from a fixed Monday. */
export function at(days: number): Date {
  return addDays(NOW, days);
}

/** An event for a test: of contact `ana`, now, unless said otherwise. */
export function event(said: Partial<AccountEvent> & { name: string }): AccountEvent {
  made += 1;
  const occurredAt = said.occurredAt ?? NOW;
  return {
    eventId: `event-${made}` as EventId,
    source: 'test',
    messageId: `message-${made}`,
    accountId: 'acme' as AccountId,
    contactId: 'ana' as ContactId,
    anonymousId: null,
    memberId: null,
    occurredAt,
    recordedAt: occurredAt,
    properties: {},
    origin: 'live',
    ...said,
  };
}
