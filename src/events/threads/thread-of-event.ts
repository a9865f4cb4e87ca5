import type { AccountEvent } from '../event.js';
import { parseTime } from '../parsing.js';
import { eventNames, threadEvents, type ThreadKind } from '../vocabulary.js';
import type { GivenQuote, ThreadChange } from './thread-log.js';
import type { ProductId } from '../../catalogue/index.js';

/**
 * What an event says about threads. Without a `conversationId` the contact has one thread of each kind. A visit or call
 * with `nextStep` (a text or true) opens a follow-up; one with `nextStep: false`, or a kept promise, closes it.
 */
export function threadOfEvent(event: AccountEvent): ThreadChange | null {
  const known = threadEvents[event.name];
  if (known) return change(event, known.kind, known.does === 'open');
  const { nextStep } = event.properties;
  if (event.name === eventNames.promiseKept) return change(event, 'visit-follow-up', false);
  if (event.name !== eventNames.visitLogged && event.name !== eventNames.callLogged) return null;
  if (nextStep === undefined || nextStep === null) return null;
  return change(event, 'visit-follow-up', nextStep !== false && nextStep !== '');
}

function change(event: AccountEvent, kind: ThreadKind, opens: boolean): ThreadChange {
  const { conversationId, topics, topic } = event.properties;
  return {
    accountId: event.accountId,
    conversationId: conversationId ?? `contact:${event.contactId ?? ''}`,
    kind,
    contactId: event.contactId,
    topics: topics ?? (topic === undefined ? [] : [topic]),
    openedAt: opens ? event.occurredAt : null,
    closedAt: opens ? null : event.occurredAt,
  };
}

/** The prices that a `Quote Given` told, one for each product that it names. */
export function quotesOfEvent(event: AccountEvent): GivenQuote[] {
  if (event.name !== eventNames.quoteGiven) return [];
  const { productId, productIds, price, discount, validUntil } = event.properties;
  const until = parseTime(validUntil, true);
  return (productId === undefined ? (productIds ?? []) : [productId]).map((id) => ({
    accountId: event.accountId,
    productId: id as ProductId,
    eventId: event.eventId,
    contactId: event.contactId,
    price: typeof price === 'number' ? price : null,
    discount: typeof discount === 'number' ? discount : null,
    quotedAt: event.occurredAt,
    validUntil: until === null ? null : new Date(until),
  }));
}
