import type { ContactId } from '../catalogue/index.js';
import type { AccountEvent } from '../events/index.js';
import { DAY } from '../shared/index.js';
import { contributionOf } from './contributions.js';
import type { FeatureDefinition } from './definitions/definition.js';
import { keysOf } from './event-keys.js';
import { TOP } from './kinds/rate.js';

/** An event behind a value. */
export interface Evidence {
  eventId: string;
  name: string;
  at: Date;
}

export const EVIDENCE_SHOWN = 5;
/** After so many half-lives an event weighs less than a thirtieth and is no evidence any more. */
const HALF_LIVES_THAT_WEIGH = 5;

/** An event that the definition reads, with what it gave. */
interface Contributing {
  event: AccountEvent;
  value: number;
}

/**
 * The events behind the value of a definition at a moment, found by its own predicate, newest first: those that still
 * weigh, at most `limit`. A recency rests on its last event, a tenure on its first, a stage on the events of that stage;
 * a rate on what came back or, when nothing did, on what went out. Of a feature per contact only the events of
 * `contactId` count, unless it is null.
 */
export function evidenceFor(
  definition: FeatureDefinition,
  key: string | undefined,
  events: readonly AccountEvent[],
  at: Date,
  { contactId = null, limit = EVIDENCE_SHOWN }: { contactId?: ContactId | null; limit?: number } = {},
): Evidence[] {
  const ofOne = definition.per === 'contact' && contactId !== null;
  const contributing = events.flatMap((event): Contributing[] => {
    if (event.occurredAt > at || (ofOne && event.contactId !== contactId)) return [];
    const value = contributed(definition, key, event);
    return value === undefined ? [] : [{ event, value }];
  });
  contributing.sort((a, b) => b.event.occurredAt.getTime() - a.event.occurredAt.getTime());
  return thatWeigh(definition, contributing, at)
    .slice(0, limit)
    .map(({ event }) => ({ eventId: event.eventId, name: event.name, at: event.occurredAt }));
}

function contributed(
  definition: FeatureDefinition,
  key: string | undefined,
  event: AccountEvent,
): number | undefined {
  const contribution = contributionOf(definition, event.name);
  if (contribution === undefined) return undefined;
  const { where = {}, by } = definition;
  if (Object.entries(where).some(([property, value]) => event.properties[property] !== value))
    return undefined;
  const keys = by === undefined ? [] : keysOf(event, by);
  if (by !== undefined && (key === undefined || !keys.includes(key))) return undefined;
  if (typeof contribution === 'number') return contribution;
  return contribution(event, { timeZone: 'UTC', key, keys: keys.length });
}

function thatWeigh(definition: FeatureDefinition, found: Contributing[], at: Date): Contributing[] {
  const within = (days: number): Contributing[] =>
    found.filter(({ event }) => at.getTime() - event.occurredAt.getTime() < days * DAY);
  switch (definition.kind) {
    case 'recency':
      return found.slice(0, 1);
    case 'tenure':
      return found.slice(-1);
    case 'count':
    case 'pace':
      return found.filter(({ value }) => value > 0);
    case 'histogram':
    case 'published':
      return found;
    case 'decayed-sum':
    case 'mean':
      return within(HALF_LIVES_THAT_WEIGH * definition.halfLifeDays);
    case 'rate': {
      const recent = within(HALF_LIVES_THAT_WEIGH * definition.halfLifeDays);
      const top = recent.filter(({ value }) => (value & TOP) !== 0);
      return top.length > 0 ? top : recent;
    }
    case 'diversity':
      return within(definition.windowDays);
    case 'stage': {
      const recent = within(definition.windowDays);
      const furthest = Math.max(...recent.map(({ value }) => value));
      return recent.filter(({ value }) => value === furthest);
    }
  }
}
