import {
  compileExpression,
  err,
  type ExpressionContext,
  type ExpressionReturns,
  type ExpressionShape,
  type ExpressionType,
} from '../shared/index.js';
import type { Account, Attributes, AttributeSchema, Contact } from './account.js';
import { isAvailable, type Product } from './offering.js';

export interface AttributeSchemas {
  account: AttributeSchema;
  contact: AttributeSchema;
}

interface FeatureNames {
  scalarNames(): readonly string[];
  keyedNames(): readonly string[];
}

const attributeTypes = {
  string: 'string',
  number: 'double',
  boolean: 'bool',
  date: 'timestamp',
} as const satisfies Record<string, ExpressionType>;

function attributesShape(schema: AttributeSchema): ExpressionShape {
  return Object.fromEntries(Object.entries(schema).map(([name, { type }]) => [name, attributeTypes[type]]));
}

/** What an action's eligibility may name: account, contact, product, features, at. */
export function eligibilityContext(schemas: AttributeSchemas, features: FeatureNames): ExpressionContext {
  return {
    account: {
      accountId: 'string',
      name: 'string',
      kind: 'string',
      segment: 'string',
      region: 'string',
      country: 'string',
      timeZone: 'string',
      locale: 'string',
      mode: 'string',
      attributes: attributesShape(schemas.account),
    },
    contact: {
      contactId: 'string',
      name: 'string',
      email: 'string',
      phone: 'string',
      timeZone: 'string',
      locale: 'string',
      attributes: attributesShape(schemas.contact),
    },
    product: {
      productId: 'string',
      name: 'string',
      price: 'double',
      margin: 'double',
      currency: 'string',
      topics: 'list<string>',
      available: 'bool',
    },
    features: Object.fromEntries(features.scalarNames().map((name) => [name, 'double'])),
    at: 'timestamp',
  };
}

/** What an outcome definition's `where` and `value` may name: event. */
export function outcomeContext(): ExpressionContext {
  return { event: { name: 'string', occurredAt: 'timestamp', properties: 'map' } };
}

type Values = Record<string, unknown>;

/** Unknown (null) members are left out, so that `has(account.segment)` tells whether it is known. */
function known(members: Values): Values {
  const values: Values = {};
  for (const name of Object.keys(members)) {
    const value = members[name];
    if (value !== null && value !== undefined) values[name] = value;
  }
  return values;
}

function attributeValues(attributes: Attributes, schema: AttributeSchema): Values {
  const values: Values = {};
  for (const [name, { type }] of Object.entries(schema)) {
    const value = attributes[name];
    if (value === null || value === undefined) continue;
    values[name] = type === 'date' && typeof value === 'string' ? new Date(value) : value;
  }
  return values;
}

/** `account` as expressions see it: the same for all candidates of a decision. */
export function accountValues(account: Account, schema: AttributeSchema): Values {
  const { accountId, name, kind, segment, region, country, timeZone, locale, mode } = account;
  return known({
    accountId,
    name,
    kind,
    segment,
    region,
    country,
    timeZone,
    locale,
    mode,
    attributes: attributeValues(account.attributes, schema),
  });
}

/** `contact` as expressions see it. */
export function contactValues(contact: Contact, schema: AttributeSchema): Values {
  const { contactId, name, email, phone, timeZone, locale } = contact;
  return known({
    contactId,
    name,
    email,
    phone,
    timeZone,
    locale,
    attributes: attributeValues(contact.attributes, schema),
  });
}

/** `product` as expressions see it; empty where the candidate has no product, so that `has(product.productId)` is false. */
export function productValues(product: Product | null, at: Date): Values {
  if (!product) return {};
  const { productId, name, price, margin, currency, topics } = product;
  return { productId, name, price, margin, currency, topics, available: isAvailable(product, at) };
}

/**
 * Values of an eligibility expression for one candidate. `scalars` are the unkeyed features by name. Who evaluates many
 * candidates of one account makes the parts once with `accountValues`, `contactValues` and `productValues`.
 */
export function eligibilityValues(
  account: Account,
  contact: Contact,
  product: Product | null,
  scalars: Readonly<Record<string, number>>,
  at: Date,
  schemas: AttributeSchemas,
): Values {
  return {
    account: accountValues(account, schemas.account),
    contact: contactValues(contact, schemas.contact),
    product: productValues(product, at),
    features: scalars,
    at,
  };
}

/** Values of an outcome definition's expressions. */
export function outcomeValues(event: {
  name: string;
  occurredAt: Date;
  properties: Readonly<Record<string, unknown>>;
}): Values {
  return { event: { name: event.name, occurredAt: event.occurredAt, properties: known(event.properties) } };
}

/** As `compileExpression`, with a hint where the checker's sentence alone would not say how to mend it. */
export function checkExpression<Returns extends ExpressionReturns>(
  source: string,
  context: ExpressionContext,
  returns: Returns,
  features?: FeatureNames,
): ReturnType<typeof compileExpression<Returns>> {
  const compiled = compileExpression(source, context, returns);
  return compiled.ok ? compiled : err(compiled.error + hintFor(source, compiled.error, features));
}

function hintFor(source: string, problem: string, features?: FeatureNames): string {
  if (/no such overload/.test(problem) && /\bdouble\b/.test(problem) && /\bint\b/.test(problem)) {
    return '. Write numbers with a decimal point, such as 14.0';
  }
  const keyed = new Set(features?.keyedNames() ?? []);
  const used = [...source.matchAll(/features\.([A-Za-z_]\w*)/g)].map((match) => match[1] ?? '');
  const named = used.find((name) => keyed.has(name));
  return named ? `. The feature ${named} is kept apart by key and cannot be used in an expression` : '';
}
