import type { AccountId, ActionId, Catalogue, ChannelId, ProductId } from '../../catalogue/index.js';
import type { EventId } from '../../events/index.js';
import { addDays } from '../../shared/index.js';
import { isPurchase, ordersAmong } from '../orders/order-lines.js';
import type { AccountPast, Try } from './ports.js';
import { doublesSettings } from './settings.js';

/** A purchase of a product, by the event that tells of it. */
export interface Purchase {
  eventId: EventId;
  name: string;
  at: Date;
}

const PURCHASES_KEPT = 4;

/** What one account bought, and what was tried with it. */
export interface AccountFacts {
  accountId: AccountId;
  /** Spent on each product less what was refunded, in the time that is compared, in the configured currency. */
  spent: ReadonlyMap<ProductId, number>;
  /** Purchases of each product in that time, oldest first; of many the first few and the last. */
  purchases: ReadonlyMap<ProductId, readonly Purchase[]>;
  tries: readonly Try[];
}

export function factsOf(
  { dossier, events }: AccountPast,
  tries: readonly Try[],
  catalogue: Catalogue,
  at: Date,
): AccountFacts {
  const since = addDays(at, -doublesSettings.comparedDays);
  const spent = new Map<ProductId, number>();
  const purchases = new Map<ProductId, Purchase[]>();
  const recent = events.filter(({ occurredAt }) => occurredAt >= since && occurredAt <= at);
  for (const order of ordersAmong(recent, catalogue)) {
    const { eventId, name, occurredAt } = order.event;
    for (const { productId, value } of order.lines) {
      spent.set(productId, (spent.get(productId) ?? 0) + value);
      if (!isPurchase(order)) continue;
      const known = purchases.get(productId);
      const purchase = { eventId, name, at: occurredAt };
      if (!known) purchases.set(productId, [purchase]);
      else if (known.length < PURCHASES_KEPT) known.push(purchase);
      else known[PURCHASES_KEPT - 1] = purchase;
    }
  }
  return {
    accountId: dossier.account.accountId,
    spent,
    purchases,
    tries: tries.filter((one) => one.at >= since && one.at <= at),
  };
}

/** One approach: an action on a channel. */
export function approachKey({ actionId, channelId }: { actionId: ActionId; channelId: ChannelId }): string {
  return `${actionId}\u0000${channelId}`;
}
