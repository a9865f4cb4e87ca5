import { describe, expect, it } from '@jest/globals';
import type { Account, AttributeSchema, Contact } from './account.js';
import {
  checkExpression,
  eligibilityContext,
  eligibilityValues,
  outcomeContext,
  outcomeValues,
} from './expressions.js';
import type { Product } from './offering.js';
import { RecordParser } from './records/record-parser.js';

const schemas = {
  account: {
    specialty: { type: 'string' },
    beds: { type: 'number' },
    since: { type: 'date' },
    teaching: { type: 'boolean' },
  } satisfies AttributeSchema,
  contact: { senior: { type: 'boolean' } } satisfies AttributeSchema,
};
const features = { scalarNames: () => ['daysSinceVisit'], keyedNames: () => ['visitsByProduct'] };
const parser = new RecordParser({ currency: 'EUR' });
const at = new Date('2026-03-02T09:00:00Z');

function parsed<Kind extends 'accounts' | 'contacts' | 'products'>(kind: Kind, value: object) {
  const result = parser.parse(kind, value);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
const account: Account = parsed('accounts', {
  accountId: 'jones',
  kind: 'person',
  segment: 'A',
  attributes: { specialty: 'cardiology', beds: 12, since: '2020-01-01', teaching: null, undeclared: 'x' },
});
const contact: Contact = parsed('contacts', {
  contactId: 'jones',
  accountId: 'jones',
  attributes: { senior: true },
});
const product: Product = parsed('products', {
  productId: 'pump',
  name: 'Pump',
  price: 10,
  margin: 4,
  topics: ['dosage'],
  available: { from: '2026-03-02T09:00:00Z' },
});

function evaluate(source: string, about: Product | null = product): boolean {
  const compiled = checkExpression(source, eligibilityContext(schemas, features), 'bool', features);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value.evaluate(
    eligibilityValues(account, contact, about, { daysSinceVisit: 20 }, at, schemas),
  );
}

describe('eligibility', () => {
  it.each([
    'account.attributes.specialty == "cardiology" && features.daysSinceVisit > 14.0',
    'account.segment == "A" && !has(account.region)',
    'account.attributes.since < timestamp("2021-01-01T00:00:00Z")',
    'at - account.attributes.since > duration("24h")',
    '!has(account.attributes.teaching)',
    'contact.attributes.senior && contact.contactId == account.accountId',
    '"dosage" in product.topics && product.price - product.margin == 6.0',
    'product.available',
  ])('%s is true', (source) => {
    expect(evaluate(source)).toBe(true);
  });

  it('tells a candidate without product', () => {
    expect(evaluate('has(product.productId)', null)).toBe(false);
  });

  it.each([
    ['account.attributes.undeclared == "x"', 'No such key: undeclared'],
    ['features.daysSinceVisit == 14', 'decimal point'],
    ['features.visitsByProduct > 1.0', 'visitsByProduct is kept apart by key'],
    ['event.name == "x"', 'may use: account, contact, product, features, at'],
    ['account.name', 'true or false is needed'],
    ['account.name ==', 'EOF'],
  ])('%s does not type-check', (source, said) => {
    const result = checkExpression(source, eligibilityContext(schemas, features), 'bool', features);
    expect(result).toEqual({ ok: false, error: expect.stringContaining(said) });
  });
});

describe('outcomes', () => {
  const event = {
    name: 'Order Completed',
    occurredAt: at,
    properties: { value: 12.5, productId: 'pump', note: undefined },
  };

  it('are recognised and valued by their event', () => {
    const where = checkExpression(
      'event.properties.value > 10.0 && !has(event.properties.note)',
      outcomeContext(),
      'bool',
    );
    const value = checkExpression('event.properties.value * 2.0', outcomeContext(), 'double');
    expect(where.ok && where.value.evaluate(outcomeValues(event))).toBe(true);
    expect(value.ok && value.value.evaluate(outcomeValues(event))).toBe(25);
  });

  it('see nothing but the event', () => {
    expect(checkExpression('account.name == "x"', outcomeContext(), 'bool').ok).toBe(false);
  });
});
