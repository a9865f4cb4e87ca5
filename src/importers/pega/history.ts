import type { IncomingItem } from '../../events/index.js';
import { treatmentIdOf } from './catalogue.js';
import type { Contacted } from './rows.js';

/** Sorts as the rows of the file do, which decides between rows of the same instant. */
export function touchIdOf({ line }: Contacted): string {
  return `interaction-${String(line).padStart(7, '0')}`;
}

/**
 * One customer's contacts, oldest first, as touches at the time of their outcome, each followed by its response if it
 * got one. One card may be offered twice at one instant, so a response names its touch.
 */
export function historyOf(contacts: readonly Contacted[]): IncomingItem[] {
  return [...contacts]
    .sort((a, b) => a.outcomeAt.getTime() - b.outcomeAt.getTime() || a.line - b.line)
    .flatMap(itemsOf);
}

function itemsOf(contact: Contacted): IncomingItem[] {
  const { actionId, channelId, customerId } = contact;
  const touchId = touchIdOf(contact);
  const treatmentId = treatmentIdOf(contact);
  const about = {
    actionId,
    channel: channelId,
    productId: actionId,
    touchId,
    treatmentId,
  };
  const envelope = {
    kind: 'event' as const,
    source: 'pega',
    occurredAt: contact.outcomeAt,
    accountId: customerId,
    contactId: customerId,
  };
  const touch: IncomingItem = {
    ...envelope,
    messageId: touchId,
    name: 'Message Sent',
    properties: {
      ...about,
      purpose: 'marketing',
      row: contact.line,
      rank: contact.rank,
      loggedPropensity: contact.propensity,
      decidedAt: contact.decidedAt.toISOString(),
      controlGroup: contact.controlGroup,
    },
  };
  if (contact.response === null) return [touch];
  const name = contact.response === 'positive' ? 'Response Positive' : 'Response Negative';
  const properties = { ...about, response: contact.outcome };
  return [touch, { ...envelope, messageId: `${touchId}-response`, name, properties }];
}
