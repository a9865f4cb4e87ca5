import type { ChannelKind } from '../../catalogue/index.js';
import type { IncomingItem } from '../incoming.js';
import type { EventProperties } from '../event.js';
import type { OwnTouch } from './touch-plans.js';

/** Source of the events that tell of what we did ourselves. */
const OWN_SOURCE = 'nba';

const sentEvents: Partial<Record<ChannelKind, string>> = {
  email: 'Email Sent',
  mail: 'Letter Sent',
  call: 'Call Logged',
  visit: 'Visit Logged',
};

/** A touch of ours as an event of its account, the same however often it is told: its id is made of the touch's. */
export function eventOfTouch(
  { touch, plan }: OwnTouch,
  what: 'sent' | 'bounced',
  kind: ChannelKind,
  occurredAt: Date,
  more: EventProperties = {},
): IncomingItem {
  const about: EventProperties = {
    touchId: touch.touchId,
    channel: touch.channelId,
    decisionId: plan.decisionId,
    suggestionId: plan.suggestionId,
    ...(touch.actionId === null ? {} : { actionId: touch.actionId }),
    ...(touch.purpose === null ? {} : { purpose: touch.purpose }),
    ...(plan.productId === null ? {} : { productId: plan.productId }),
    ...(plan.treatmentId === null ? {} : { treatmentId: plan.treatmentId }),
    ...(plan.contentId === null ? {} : { contentId: plan.contentId }),
    ...(touch.topics.length === 0 ? {} : { topics: touch.topics }),
    ...(touch.role === null ? {} : { role: touch.role }),
  };
  return {
    kind: 'event',
    source: OWN_SOURCE,
    messageId: `touch-${what}-${touch.touchId}`,
    name: what === 'bounced' ? 'Email Bounced' : (sentEvents[kind] ?? 'Message Sent'),
    accountId: touch.accountId,
    ...(touch.contactId === null ? {} : { contactId: touch.contactId }),
    occurredAt,
    properties: { ...about, ...more },
  };
}
