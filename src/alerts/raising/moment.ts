import type { Catalogue, ChannelId, ContentId, ProductId } from '../../catalogue/index.js';
import type { AccountEvent, EventProperties } from '../../events/index.js';
import { HOUR } from '../../shared/index.js';
import { EVIDENCE_KEPT, evidenceOf } from '../matching.js';
import type { EventRange, EvidenceEvent, Firing } from '../firing.js';
import type { TriggerRule } from '../rules/trigger-rule.js';
import { topicsOfEvent } from './recipients.js';

/** What the decision for a firing is about. */
export interface Moment {
  channel?: ChannelId;
  topic?: string;
  productId?: ProductId;
  need?: string;
}

/** What the rule wants to be told of what went before. */
export function recalledRange(rule: TriggerRule, { accountId, at }: Firing): EventRange | null {
  if (!rule.recall) return null;
  const from = new Date(at.getTime() - rule.recall.withinHours * HOUR);
  return { accountId, names: rule.recall.events, from, to: at };
}

/** Of the events in the range, those of the firing's own contact, newest first; what made it fire is left out. */
export function recalled(rule: TriggerRule, firing: Firing, events: readonly AccountEvent[]): AccountEvent[] {
  const range = recalledRange(rule, firing);
  if (!range) return [];
  const own = new Set(firing.evidence.map(({ eventId }) => eventId));
  return events
    .filter(
      ({ accountId, contactId, name, occurredAt, eventId }) =>
        accountId === firing.accountId &&
        (firing.contactId === null || contactId === firing.contactId) &&
        range.names.includes(name) &&
        occurredAt > range.from &&
        occurredAt <= range.to &&
        !own.has(eventId),
    )
    .sort((a, b) => b.occurredAt.getTime() - a.occurredAt.getTime() || (a.eventId < b.eventId ? -1 : 1));
}

/** What made the rule fire, then what went before. */
export function evidenceWith({ evidence }: Firing, before: readonly AccountEvent[]): EvidenceEvent[] {
  return [...evidence, ...evidenceOf(before)].slice(0, EVIDENCE_KEPT);
}

/** As the rule says, else as the event says, else what was looked at most before. Unknown products are none. */
export function momentOf(
  rule: TriggerRule,
  { event }: Pick<Firing, 'event'>,
  before: readonly AccountEvent[],
  catalogue: Pick<Catalogue, 'products'>,
): Moment {
  const own = event.properties;
  const topic =
    rule.context?.topic ??
    topicsOfEvent(own)[0] ??
    mostOften(before.flatMap(({ properties }) => topicsOfEvent(properties)));
  const known = (id: string | undefined): ProductId | undefined =>
    id !== undefined && catalogue.products.has(id as ProductId) ? (id as ProductId) : undefined;
  const productId =
    rule.context?.productId ??
    known(productOf(own)) ??
    known(mostOften(before.flatMap(({ properties }) => productOf(properties) ?? [])));
  return {
    ...(rule.context?.channel === undefined ? {} : { channel: rule.context.channel }),
    ...(topic === undefined ? {} : { topic }),
    ...(productId === undefined ? {} : { productId }),
  };
}

function productOf({ productId, productIds }: EventProperties): string | undefined {
  return productId ?? productIds?.[0];
}

/** The most frequent; of equals the one named first. */
function mostOften(names: readonly string[]): string | undefined {
  return ranked(names)[0];
}

function ranked(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

const THINGS_NAMED = 3;

/** What was looked at, in words, the most often looked at first: products, else content, else topics, else pages. */
export function lookedAt(
  events: readonly AccountEvent[],
  { products, content }: Pick<Catalogue, 'products' | 'content'>,
): string[] {
  const names = events.flatMap(({ properties }) => {
    const product = productOf(properties);
    if (product !== undefined) return products.get(product as ProductId)?.name ?? product;
    const read = content.get(properties.contentId as ContentId)?.title;
    if (read !== undefined) return read;
    const [topic] = topicsOfEvent(properties);
    if (topic !== undefined) return topic;
    const page = properties['title'] ?? properties['name'] ?? properties['path'];
    return typeof page === 'string' ? page : [];
  });
  return ranked(names).slice(0, THINGS_NAMED);
}
