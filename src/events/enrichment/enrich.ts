import type { ActionId, Catalogue, ChannelId, ContentId, ProductId } from '../../catalogue/index.js';
import { isId, type Json } from '../../shared/index.js';
import type { EventProperties } from '../event.js';
import { isObject } from '../parsing.js';
import { touchEvents } from '../touches/touch.js';
import { channelKindOfEvent } from '../vocabulary.js';
import { type EnrichmentRule, enrichmentRules, type EnrichmentSource } from './rules.js';

/** What enrichment reads of the catalogue, indexed once a version. */
export interface EnrichmentWorld {
  catalogue: Catalogue;
  channelOfKind: ReadonlyMap<string, ChannelId>;
  contentAt: ReadonlyMap<string, ContentId>;
}

const worlds = new WeakMap<Catalogue, EnrichmentWorld>();

export function enrichmentWorld(catalogue: Catalogue): EnrichmentWorld {
  const known = worlds.get(catalogue);
  if (known) return known;
  const channelOfKind = new Map<string, ChannelId>();
  for (const channelId of [...catalogue.channels.keys()].sort()) {
    const kind = catalogue.channels.get(channelId)?.kind;
    if (kind && !channelOfKind.has(kind)) channelOfKind.set(kind, channelId);
  }
  const contentAt = new Map<string, ContentId>();
  for (const { contentId, url } of catalogue.content.values()) if (url) contentAt.set(pathOf(url), contentId);
  const world = { catalogue, channelOfKind, contentAt };
  worlds.set(catalogue, world);
  return world;
}

/** `https://a.example/b/c/?d#e` → `/b/c`. */
function pathOf(address: string): string {
  const path = address.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/, '');
  return path.replace(/\/+$/, '') || '/';
}

/** The properties with what the rules can fill. The argument is left as it is; it comes back itself when nothing fits. */
export function enrich(
  name: string,
  properties: EventProperties,
  world: EnrichmentWorld,
  rules: readonly EnrichmentRule[] = enrichmentRules,
): EventProperties {
  const isTouch = name in touchEvents;
  let filled = properties;
  for (const rule of rules) {
    if (filled[rule.fill] !== undefined || (rule.touches && !isTouch)) continue;
    if (rule.unless?.some((other) => filled[other] !== undefined)) continue;
    const value = firstOf(rule.from, name, filled, world);
    if (value === undefined) continue;
    if (filled === properties) filled = { ...properties };
    filled[rule.fill] = value as never;
  }
  return filled;
}

function firstOf(
  sources: readonly EnrichmentSource[],
  name: string,
  properties: EventProperties,
  world: EnrichmentWorld,
): Json | undefined {
  for (const source of sources) {
    const value = valueOf(source, name, properties, world);
    if (value !== undefined) return value;
  }
  return undefined;
}

function valueOf(
  source: EnrichmentSource,
  name: string,
  properties: EventProperties,
  world: EnrichmentWorld,
): Json | undefined {
  if ('text' in source) return textOf(properties[source.text]);
  if ('number' in source) return numberOf(properties[source.number]);
  if ('each' in source) return idsIn(properties[source.each], source.in);
  if ('sumOf' in source) return sumOver(properties[source.sumOf], source.price, source.quantity);
  if ('contentAt' in source) {
    const address = properties[source.contentAt];
    return typeof address === 'string' && world.contentAt.size > 0
      ? world.contentAt.get(pathOf(address))
      : undefined;
  }
  if ('channelOf' in source) {
    const kind = channelKindOfEvent[name];
    return kind === undefined ? undefined : world.channelOfKind.get(kind);
  }
  return fromCatalogue(source, properties, world.catalogue);
}

function fromCatalogue(
  source: Extract<
    EnrichmentSource,
    { ofProduct: unknown } | { ofContent: unknown } | { ofAction: unknown } | { ofChannel: unknown }
  >,
  properties: EventProperties,
  catalogue: Catalogue,
): Json | undefined {
  if ('ofContent' in source) {
    return present(catalogue.content.get(properties.contentId as ContentId)?.[source.ofContent]);
  }
  if ('ofAction' in source) {
    return present(catalogue.actions.get(properties.actionId as ActionId)?.[source.ofAction]);
  }
  if ('ofChannel' in source) {
    const performedBy = catalogue.channels.get(properties.channel as ChannelId)?.performedBy;
    return performedBy === 'automatic' ? undefined : performedBy;
  }
  const productIds =
    properties.productId === undefined ? (properties.productIds ?? []) : [properties.productId];
  const topics = productIds.flatMap((id) => catalogue.products.get(id as ProductId)?.topics ?? []);
  return present([...new Set(topics)]);
}

const present = (value: string | readonly string[] | null | undefined): Json | undefined =>
  value === null || value === undefined || value.length === 0
    ? undefined
    : typeof value === 'string'
      ? value
      : [...value];

function textOf(value: Json | undefined): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return isId(text) ? text : undefined;
}

function numberOf(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function idsIn(list: Json | undefined, fields: readonly string[]): string[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const ids = list.flatMap((entry) => {
    if (!isObject(entry)) return [];
    const field = fields.find((each) => textOf(entry[each]) !== undefined);
    return field === undefined ? [] : [textOf(entry[field]) as string];
  });
  return ids.length === 0 ? undefined : [...new Set(ids)];
}

function sumOver(list: Json | undefined, price: string, quantity: string): number | undefined {
  if (!Array.isArray(list)) return undefined;
  const parts = list.flatMap((entry) => {
    const each = isObject(entry) ? numberOf(entry[price]) : undefined;
    return each === undefined || !isObject(entry) ? [] : [each * (numberOf(entry[quantity]) ?? 1)];
  });
  return parts.length === 0 ? undefined : parts.reduce((sum, part) => sum + part, 0);
}
