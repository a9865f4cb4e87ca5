import type { AccountEvent, EventProperties } from '../events/index.js';
import { ID_MAX_LENGTH } from '../shared/index.js';
import { type FeatureKey, featureKeys } from './definitions/definition.js';

const NONE: readonly string[] = [];

/** Properties that name a key: one of it, and several. */
const properties: Readonly<Record<Exclude<FeatureKey, 'event'>, readonly [one: string, several?: string]>> = {
  action: ['actionId'],
  product: ['productId', 'productIds'],
  topic: ['topic', 'topics'],
  channel: ['channel'],
  treatment: ['treatmentId'],
  role: ['role'],
};

/** The keys under which a feature kept apart by `by` counts this event, each once. Texts too long for an id are none. */
export function keysOf(event: AccountEvent, by: FeatureKey): readonly string[] {
  if (by === 'event') return isKey(event.name) ? [event.name] : NONE;
  const [one, several] = properties[by];
  const single = event.properties[one];
  const many = several === undefined ? undefined : event.properties[several];
  if (!Array.isArray(many)) return isKey(single) ? [single] : NONE;
  const keys = new Set<string>(many.filter(isKey));
  if (isKey(single)) keys.add(single);
  return [...keys];
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= ID_MAX_LENGTH;
}

/** The keys of one event, found once for all the features that read it. */
export class EventKeys {
  private readonly found: (readonly string[] | undefined)[] = featureKeys.map(() => undefined);

  constructor(private readonly event: AccountEvent) {}

  of(by: FeatureKey): readonly string[] {
    const place = featureKeys.indexOf(by);
    const known = this.found[place];
    if (known) return known;
    const keys = keysOf(this.event, by);
    this.found[place] = keys;
    return keys;
  }
}

/** Numbers larger than this are mistakes, and would drown a sum for good. */
const LARGEST = 1e12;

/** A property as a number: true is 1, false 0, text is read. Undefined where it is none. */
export function numberOf(event: AccountEvent, property: string): number | undefined {
  return asNumber(event.properties[property]);
}

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Math.abs(number) <= LARGEST ? number : undefined;
}

/**
 * What one product has of an amount that belongs to the whole event: its own lines (price × quantity, as Segment's
 * `products` say), else an equal part.
 */
export function shareOf(
  event: AccountEvent,
  product: string,
  property: string,
  products: number,
): number | undefined {
  const whole = numberOf(event, property);
  if (products <= 1 || whole === undefined) return whole;
  return linesOf(event.properties, product) ?? whole / products;
}

function linesOf({ products }: EventProperties, product: string): number | undefined {
  if (!Array.isArray(products)) return undefined;
  let sum: number | undefined;
  for (const line of products) {
    if (line === null || typeof line !== 'object' || Array.isArray(line)) continue;
    if ((line['productId'] ?? line['product_id']) !== product) continue;
    const price = asNumber(line['price']);
    if (price !== undefined) sum = (sum ?? 0) + price * (asNumber(line['quantity']) ?? 1);
  }
  return sum;
}
