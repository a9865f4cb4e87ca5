import type { IncomingItem } from '../../events/index.js';
import { londonTime, type OrderLine } from './lines.js';

/** One customer's order lines as one `Order Completed` an invoice, oldest first, at the time of its first line. */
export function historyOf(lines: readonly OrderLine[]): IncomingItem[] {
  const invoices = new Map<string, OrderLine[]>();
  for (const line of lines) {
    const invoice = invoices.get(line.invoice);
    if (invoice) invoice.push(line);
    else invoices.set(line.invoice, [line]);
  }
  return [...invoices.values()]
    .map(orderOf)
    .sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.messageId < b.messageId ? -1 : 1));
}

function orderOf(lines: readonly OrderLine[]): IncomingItem {
  const [first] = lines;
  if (!first) throw new Error('an invoice has at least one line');
  const value = lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  return {
    kind: 'event',
    messageId: `invoice-${first.invoice}`,
    source: 'online-retail',
    occurredAt: londonTime(first.date),
    accountId: first.customerId,
    contactId: first.customerId,
    name: 'Order Completed',
    properties: {
      orderId: first.invoice,
      productIds: [...new Set(lines.map(({ stockCode }) => stockCode))],
      products: lines.map(({ stockCode, quantity, price }) => ({ productId: stockCode, quantity, price })),
      value: Math.round(value * 100) / 100,
      currency: 'GBP',
    },
  };
}
