import { type AttributeSchemas, eligibilityContext, outcomeContext } from '../../catalogue/index.js';
import type { AccountEvent } from '../../events/index.js';
import type { ExpressionContext } from '../../shared/index.js';

interface FeatureNames {
  scalarNames(): readonly string[];
  keyedNames(): readonly string[];
}

/** What a trigger rule's `where` may name: event, account, contact, features. */
export function triggerContext(schemas: AttributeSchemas, features: FeatureNames): ExpressionContext {
  const { account, contact, features: numbers } = eligibilityContext(schemas, features);
  if (!account || !contact || !numbers) throw new Error('Eligibility knows accounts, contacts and features');
  return { ...outcomeContext(), account, contact, features: numbers };
}

/** The same without what has to be read for it: most rules look at the event alone, and then nothing is read. */
export function eventOnlyContext(): ExpressionContext {
  return outcomeContext();
}

/** Whom an event is about, as expressions see it. */
export interface About {
  account: Readonly<Record<string, unknown>>;
  contact: Readonly<Record<string, unknown>>;
  features: Readonly<Record<string, number>>;
}

export function triggerValues(event: AccountEvent, about: About | null): Record<string, unknown> {
  const { name, occurredAt, properties } = event;
  return { event: { name, occurredAt, properties }, ...about };
}
