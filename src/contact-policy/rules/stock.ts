import type { Purpose } from '../../catalogue/index.js';
import type { IntendedTouch } from '../intended-touch.js';
import type { Refusal } from '../rule.js';

/** Purposes under which a product is offered; help with one that is sold out goes on. */
const OFFERING: ReadonlySet<Purpose> = new Set(['marketing', 'sales']);

/** A product that is not available is not offered. */
export function refusedByStock(touch: IntendedTouch, at: Date): Refusal | undefined {
  if (!OFFERING.has(touch.purpose)) return undefined;
  for (const { productId, available } of touch.productsAvailable) {
    if (available === true) continue;
    const from = available === false ? null : new Date(available.from);
    if (from !== null && from <= at) continue;
    const when = from === null ? '' : ` before ${from.toISOString().slice(0, 10)}`;
    return {
      rule: 'stock',
      ruleId: null,
      because: `Product ${productId} is not available${when}.`,
      until: from,
    };
  }
  return undefined;
}
