import { addDays } from '../../shared/index.js';
import type { Quote } from '../history.js';
import type { OfferedTerms } from '../intended-touch.js';
import type { Refusal, RuleOf } from '../rule.js';
import { type CompiledRule, firstLapse, type PolicySurroundings, readable } from './compiled-rule.js';

type OfferLock = RuleOf<'offer-lock'>;

/** Money apart by less than this is the same price. */
const HALF_A_CENT = 0.005;

/** Discounts apart by less than this, as share or as money, are the same. */
const SAME_DISCOUNT = 1e-6;

/**
 * A price or discount quoted for a product binds every channel until it lapses (its own `validUntil`, else `days` after
 * it was given): a touch that names other terms for the product contradicts it. The latest quote for a product counts.
 */
export function compileOfferLock(
  rule: OfferLock,
  { history, at }: PolicySurroundings,
): CompiledRule | undefined {
  const binding = new Map<string, { quote: Quote; refusal: Refusal }>();
  for (const quote of history.quotes) {
    const earlier = binding.get(quote.productId);
    if (quote.quotedAt > at || (earlier && earlier.quote.quotedAt > quote.quotedAt)) continue;
    const until = quote.validUntil ?? addDays(quote.quotedAt, rule.days);
    if (until > at) binding.set(quote.productId, { quote, refusal: refusal(rule, quote, until) });
    else binding.delete(quote.productId);
  }
  if (binding.size === 0) return undefined;
  return {
    changesAt: firstLapse([...binding.values()].map((lock) => lock.refusal)),
    refuses: ({ offer, productIds }) => {
      if (!offer || (offer.price === null && offer.discount === null)) return undefined;
      for (const productId of productIds) {
        const lock = binding.get(productId);
        if (lock && contradicts(offer, lock.quote)) return lock.refusal;
      }
      return undefined;
    },
  };
}

/** A discount that is not named is none; a price that is not named contradicts nothing. */
function contradicts(offer: OfferedTerms, quote: Quote): boolean {
  if (offer.price !== null && quote.price !== null && Math.abs(offer.price - quote.price) >= HALF_A_CENT)
    return true;
  return Math.abs((offer.discount ?? 0) - (quote.discount ?? 0)) >= SAME_DISCOUNT;
}

function refusal(rule: OfferLock, quote: Quote, until: Date): Refusal {
  const terms = [
    quote.price === null ? null : `price ${quote.price}`,
    quote.discount === null ? null : `discount ${quote.discount}`,
  ].filter((term) => term !== null);
  return {
    rule: 'offer-lock',
    ruleId: rule.ruleId,
    because: `The quote of ${readable(quote.quotedAt)} for ${quote.productId} (${terms.join(', ') || 'no terms named'}) binds every channel; other terms would contradict it.`,
    until,
  };
}
