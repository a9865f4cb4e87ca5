import type { Action, OutcomeDefinition, Product } from '../../catalogue/index.js';
import type { FeatureReadout } from '../../features/index.js';
import { LIFETIME_VALUE_GAINED } from '../../insights/index.js';
import { compileExpression } from '../../shared/index.js';

/** Worth of an action's success where nobody declared any, in the configured currency. */
export const UNDECLARED_VALUE = 1;

/**
 * Worth of an action's success, in the configured currency, never negative: the action's own value, else the outcome's
 * (where it is a number that does not depend on the event), else the product's margin; less the discount. A discount
 * below 1 is a share of the product's price, any other is an amount.
 */
export function valueOf(action: Action, product: Product | null, outcome: OutcomeDefinition | null): number {
  const gross = action.value ?? fixedValue(outcome) ?? product?.margin ?? UNDECLARED_VALUE;
  return Math.max(0, gross - discountOf(action, product, gross));
}

/** What an offer is worth, and what of it depends on the account. */
export interface OfferValue {
  /** Where nothing more is known of the account. */
  value: number;
  /** The discount to take off the lifetime value gained; null: the value is the same for every account. */
  offGained: number | null;
}

export function offerValue(
  action: Action,
  product: Product | null,
  outcome: OutcomeDefinition | null,
): OfferValue {
  const value = valueOf(action, product, outcome);
  if (action.valueFrom !== 'lifetime') return { value, offGained: null };
  return { value, offGained: discountOf(action, product, product?.price ?? value) };
}

/** Where it is known, and the action says so, lifetime value gained stands for value. */
export function valueFor({ value, offGained }: OfferValue, readout: FeatureReadout): number {
  if (offGained === null) return value;
  const gained = readout.value(LIFETIME_VALUE_GAINED);
  return gained === undefined || Number.isNaN(gained) ? value : Math.max(0, gained - offGained);
}

function discountOf(action: Action, product: Product | null, gross: number): number {
  const discount = action.discount ?? 0;
  return discount < 1 ? discount * (product?.price ?? gross) : discount;
}

function fixedValue(outcome: OutcomeDefinition | null): number | undefined {
  if (!outcome?.value) return undefined;
  const constant = compileExpression(outcome.value, {}, 'double');
  return constant.ok ? constant.value.evaluate({}) : undefined;
}
