import type { Action, OutcomeDefinition, Product } from '../../catalogue/index.js';
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

function discountOf(action: Action, product: Product | null, gross: number): number {
  const discount = action.discount ?? 0;
  return discount < 1 ? discount * (product?.price ?? gross) : discount;
}

function fixedValue(outcome: OutcomeDefinition | null): number | undefined {
  if (!outcome?.value) return undefined;
  const constant = compileExpression(outcome.value, {}, 'double');
  return constant.ok ? constant.value.evaluate({}) : undefined;
}
