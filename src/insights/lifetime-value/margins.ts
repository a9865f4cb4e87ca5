import type { AccountId, Catalogue } from '../../catalogue/index.js';
import { type AccountEvent, touchOfEvent } from '../../events/index.js';
import { addDays, DAY } from '../../shared/index.js';
import { isPurchase, type Order, ordersAmong } from '../orders/order-lines.js';
import { DAYS_A_WEEK, type Transaction } from './purchase-summary.js';

/** Touches of so many days before say what keeping in touch costs. */
const COST_DAYS = 365;

/** Share of prices that is earned, over the catalogue's products; 1 where it says nothing of margins. */
export function meanMarginShare({ products }: Catalogue): number {
  let prices = 0;
  let margins = 0;
  for (const { price, margin } of products.values()) {
    if (price <= 0) continue;
    prices += price;
    margins += margin;
  }
  return prices === 0 || margins <= 0 ? 1 : margins / prices;
}

/**
 * Purchases of an account as what was earned by them: the margins of the products less discounts; of products that are
 * not known, the share that others earn. A refund is taken from the last purchase before it; a purchase of which nothing
 * is left was none.
 */
export function earnedBy(
  accountId: AccountId,
  events: readonly AccountEvent[],
  catalogue: Catalogue,
  share: number,
): Transaction[] {
  const earned: Transaction[] = [];
  for (const order of ordersAmong(events, catalogue)) {
    const value = marginOf(order, share);
    const last = earned.at(-1);
    if (isPurchase(order)) earned.push({ customer: accountId, at: order.event.occurredAt, value });
    else if (last) last.value += value;
  }
  return earned.filter(({ value }) => value > 0);
}

function marginOf({ lines, value }: Order, share: number): number {
  if (lines.length === 0) return value * share;
  return lines.reduce((sum, line) => sum + (line.margin ?? line.value * share), 0);
}

/** What the touches with an account have cost a week, over the time for which it is known, a year at most. */
export function touchCostPerWeek(events: readonly AccountEvent[], catalogue: Catalogue, at: Date): number {
  const [first] = events;
  if (!first) return 0;
  const since = new Date(Math.max(addDays(at, -COST_DAYS).getTime(), first.occurredAt.getTime()));
  let cost = 0;
  for (const event of events) {
    if (event.occurredAt < since || event.occurredAt > at) continue;
    const touch = touchOfEvent(event, catalogue);
    if (touch) cost += catalogue.channels.get(touch.channelId)?.costPerTouch ?? 0;
  }
  const weeks = (at.getTime() - since.getTime()) / DAY / DAYS_A_WEEK;
  return cost / Math.max(1, weeks);
}
