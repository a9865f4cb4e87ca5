import { isId, type Json, type JsonObject, ok, type Result } from '../shared/index.js';
import type { EventProperties } from './event.js';
import { type ItemProblem, refuse } from './parsing.js';

type Shape = 'id' | 'ids' | 'number' | 'sentiment';

/** The properties that features, touches and rules read, and what each must look like. */
const named: Readonly<Record<string, Shape>> = {
  channel: 'id',
  productId: 'id',
  productIds: 'ids',
  topic: 'id',
  topics: 'ids',
  contentId: 'id',
  actionId: 'id',
  treatmentId: 'id',
  conversationId: 'id',
  sentiment: 'sentiment',
  value: 'number',
  touchId: 'id',
  role: 'id',
  purpose: 'id',
  stage: 'id',
};
const names = Object.keys(named);

const wanted: Readonly<Record<Shape, string>> = {
  id: 'must be a text of 1–128 characters',
  ids: 'must be a list of texts of 1–128 characters',
  number: 'must be a number',
  sentiment: 'must be a number from −1 to 1',
};

function fits(value: Json, shape: Shape): boolean {
  switch (shape) {
    case 'id':
      return isId(value);
    case 'ids':
      return Array.isArray(value) && value.every(isId);
    case 'number':
      return typeof value === 'number';
    case 'sentiment':
      return typeof value === 'number' && value >= -1 && value <= 1;
  }
}

/** For senders who know our names: a named property that does not fit is refused; null counts as absent. */
export function checkProperties(raw: JsonObject): Result<EventProperties, ItemProblem> {
  let properties = raw;
  for (const name of names) {
    const value = raw[name];
    if (value === undefined) continue;
    const shape = named[name] as Shape;
    if (value === null) properties = without(properties, name);
    else if (!fits(value, shape)) return refuse(`/properties/${name}`, wanted[shape]);
  }
  return ok(properties as EventProperties);
}

/**
 * For senders who may mean something else by the same name: what can be read as ours is converted ("12.5" for a
 * number, 7 for a text, one text for a list), the rest is kept under `unfit`, out of the way of features and rules.
 */
export function mendProperties(raw: JsonObject): EventProperties {
  let properties = raw;
  const unfit: JsonObject = {};
  for (const name of names) {
    const value = raw[name];
    if (value === undefined) continue;
    const shape = named[name] as Shape;
    if (value !== null && fits(value, shape)) continue;
    properties = without(properties, name);
    if (value === null) continue;
    const converted = convert(value, shape);
    if (converted === undefined) unfit[name] = value;
    else properties[name] = converted;
  }
  if (Object.keys(unfit).length > 0) properties = { ...properties, unfit };
  return properties as EventProperties;
}

function convert(value: Json, shape: Shape): Json | undefined {
  const converted = convertTo(value, shape);
  return converted !== undefined && fits(converted, shape) ? converted : undefined;
}

function convertTo(value: Json, shape: Shape): Json | undefined {
  if (shape === 'ids')
    return (Array.isArray(value) ? value : [value]).map((each) =>
      typeof each === 'number' ? String(each) : each,
    );
  if (shape === 'id') return typeof value === 'number' ? String(value) : undefined;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
    ? Number(value)
    : undefined;
}

function without(properties: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = properties;
  return rest;
}
