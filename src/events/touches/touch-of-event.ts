import type { ActionId, Catalogue, ChannelId, ProductId, Purpose, Role } from '../../catalogue/index.js';
import { purposes } from '../../catalogue/index.js';
import type { AccountEvent } from '../event.js';
import { type Touch, touchEvents, type TouchId } from './touch.js';

/** The touch that an event tells of; null when it is no touch. `properties.touchId` marks one that we asked for. */
export function touchOfEvent(event: AccountEvent, catalogue: Catalogue): Touch | null {
  const kind = touchEvents[event.name];
  if (kind === undefined) return null;
  const { properties } = event;
  const channelId = (properties.channel ?? kind) as ChannelId;
  const action = catalogue.actions.get(properties.actionId as ActionId);
  return {
    touchId: (properties.touchId ?? event.eventId) as string as TouchId,
    accountId: event.accountId,
    contactId: event.contactId,
    channelId,
    purpose: purposes.find((purpose: Purpose) => purpose === properties.purpose) ?? action?.purpose ?? null,
    actionId: (properties.actionId as ActionId | undefined) ?? null,
    productIds: (properties.productIds ??
      (properties.productId === undefined ? [] : [properties.productId])) as ProductId[],
    topics: properties.topics ?? (properties.topic === undefined ? [] : [properties.topic]),
    role: (properties.role as Role | undefined) ?? catalogue.channels.get(channelId)?.performedBy ?? null,
    memberId: event.memberId,
    state: 'sent',
    at: event.occurredAt,
  };
}
