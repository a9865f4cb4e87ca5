import { stages } from '../catalogue/index.js';
import type { AccountEvent } from '../events/index.js';
import type { FeatureDefinition, SpecOf } from './definitions/definition.js';
import { numberOf, shareOf } from './event-keys.js';
import { fnv1a } from './fnv1a.js';
import { BOTTOM, TOP } from './kinds/rate.js';
import { localHourOfWeek } from './local-hour.js';

/** Where an event stands, as far as a contribution depends on it. */
export interface Setting {
  timeZone: string;
  key: string | undefined;
  /** Keys that the event has for this feature. */
  keys: number;
}

/** What an event gives a feature: the `value` of its kind's fold. Undefined: nothing, it is not folded. */
export type Contribution = number | ((event: AccountEvent, setting: Setting) => number | undefined);

/** The contribution of the events of one name; a constant where the name decides it. Undefined: not read at all. */
export function contributionOf(definition: FeatureDefinition, eventName: string): Contribution | undefined {
  const reads = definition.events === '*' || definition.events.includes(eventName);
  if (definition.kind === 'rate') {
    const bits = (reads ? TOP : 0) | (definition.bottom.includes(eventName) ? BOTTOM : 0);
    return bits === 0 ? undefined : bits;
  }
  if (definition.kind === 'count' && definition.less?.includes(eventName)) return -1;
  if (!reads) return definition.kind === 'pace' ? 0 : undefined;
  switch (definition.kind) {
    case 'count':
    case 'recency':
    case 'tenure':
    case 'published':
      return 1;
    case 'decayed-sum':
    case 'pace':
      return amount(definition);
    case 'mean':
      return (event) => numberOf(event, definition.value);
    case 'histogram':
      return (event, { timeZone }) => localHourOfWeek(event.occurredAt.getTime(), timeZone);
    case 'diversity':
      return (event) => hashOf(event.properties[definition.value]);
    case 'stage':
      return (event) => stageOf(event, definition);
  }
}

function amount({ value, by }: SpecOf<'decayed-sum' | 'pace'>): Contribution {
  if (value === undefined) return 1;
  if (by !== 'product') return (event) => numberOf(event, value);
  return (event, { key, keys }) => (key === undefined ? undefined : shareOf(event, key, value, keys));
}

function stageOf(event: AccountEvent, definition: SpecOf<'stage'>): number | undefined {
  const said = stages.findIndex((stage) => stage === event.properties.stage);
  if (said >= 0) return said + 1;
  const mapped = definition.stages?.[event.name];
  return mapped === undefined ? undefined : stages.indexOf(mapped) + 1;
}

/** Whole number in [1, 2^53) of a text: two FNV-1a hashes (Fowler, Noll, Vo) with different seeds. */
function hashOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const high = fnv1a(value) & 0x1fffff;
  return high * 2 ** 32 + fnv1a(value, 0x9747b28c) || 1;
}
