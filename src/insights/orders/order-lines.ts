import type { Catalogue, ProductId } from '../../catalogue/index.js';
import type { AccountEvent } from '../../events/index.js';
import type { JsonObject } from '../../shared/index.js';

const BOUGHT = 'Order Completed';
const RETURNED = 'Order Refunded';
/** Amounts larger than this are mistakes. */
const LARGEST = 1e12;

/** One product of an order, or of a refund: then quantity, value and margin are below zero. */
export interface OrderLine {
  productId: ProductId;
  quantity: number;
  /** Paid, in the configured currency. */
  value: number;
  /** Earned: the product's margin less what was given away on its price; null where the product is not known. */
  margin: number | null;
}

/** An order of an account, or a refund, with its products. */
export interface Order {
  event: AccountEvent;
  lines: readonly OrderLine[];
  /** What the whole was worth: the event's value, else the sum of its lines. */
  value: number;
}

/** Orders and refunds among the events, in their order. What is told only in words ("much") counts as nothing. */
export function ordersAmong(events: readonly AccountEvent[], catalogue: Catalogue): Order[] {
  return events.flatMap((event): Order[] => {
    if (event.name !== BOUGHT && event.name !== RETURNED) return [];
    const sign = event.name === RETURNED ? -1 : 1;
    const told = amount(event.properties.value);
    const lines = linesOf(event, told, catalogue).map((line) => signed(line, sign));
    const value = told === undefined ? lines.reduce((sum, line) => sum + line.value, 0) : sign * told;
    return [{ event, lines, value }];
  });
}

/** Whether it is a purchase and not a refund. */
export function isPurchase({ event }: Order): boolean {
  return event.name === BOUGHT;
}

function signed({ productId, quantity, value, margin }: OrderLine, sign: number): OrderLine {
  return {
    productId,
    quantity: sign * quantity,
    value: sign * value,
    margin: margin === null ? null : sign * margin,
  };
}

/** By Segment's `products` where they name prices; else the value falls to the products in equal parts. */
function linesOf({ properties }: AccountEvent, told: number | undefined, catalogue: Catalogue): OrderLine[] {
  const ids = [...new Set(properties.productIds ?? (properties.productId ? [properties.productId] : []))];
  const detailed = detailsOf(properties['products']);
  const priced = ids.reduce((sum, id) => sum + (detailed.get(id)?.value ?? 0), 0);
  const unpriced = ids.filter((id) => detailed.get(id)?.value === undefined);
  const rest = told === undefined ? undefined : Math.max(0, told - priced);
  return ids.map((id): OrderLine => {
    const productId = id as ProductId;
    const product = catalogue.products.get(productId);
    const detail = detailed.get(id);
    const quantity = detail?.quantity ?? amount(properties['quantity']) ?? 1;
    const list = product && quantity * product.price;
    const value = detail?.value ?? (rest === undefined ? (list ?? 0) : rest / unpriced.length);
    // sold below its price, what was given away is taken from the margin; sold in larger numbers, it is earned as often
    const units =
      detail || !product || product.price <= 0
        ? quantity
        : Math.max(quantity, Math.round(value / product.price));
    const margin = product ? product.margin * units - Math.max(0, product.price * units - value) : null;
    return { productId, quantity: units, value, margin };
  });
}

function detailsOf(products: unknown): Map<string, { value: number | undefined; quantity: number }> {
  const details = new Map<string, { value: number | undefined; quantity: number }>();
  if (!Array.isArray(products)) return details;
  for (const line of products as unknown[]) {
    if (line === null || typeof line !== 'object' || Array.isArray(line)) continue;
    const said = line as JsonObject;
    const id = said['productId'] ?? said['product_id'] ?? said['sku'];
    if (typeof id !== 'string') continue;
    const quantity = amount(said['quantity']) ?? 1;
    const price = amount(said['price']);
    const value = price === undefined ? undefined : price * quantity;
    const known = details.get(id);
    details.set(id, {
      quantity: (known?.quantity ?? 0) + quantity,
      value: value === undefined ? known?.value : (known?.value ?? 0) + value,
    });
  }
  return details;
}

function amount(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Math.abs(number) <= LARGEST ? number : undefined;
}
