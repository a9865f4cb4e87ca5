import { type JsonObject, ok, type Result } from '../shared/index.js';
import type { IncomingItem } from './incoming.js';
import { checkProperties } from './named-properties.js';
import {
  isObject,
  type ItemProblem,
  parseId,
  parseName,
  parseTime,
  possibleTime,
  type Reception,
  refuse,
  unfitItem,
} from './parsing.js';

const identityFields = ['accountId', 'contactId', 'anonymousId', 'memberId'] as const;
type Identity = Partial<Record<(typeof identityFields)[number], string>>;

/** One entry of `events` of POST /api/v1/events. A problem says where in the entry, and how to mend it. */
export function parseNative(raw: unknown, reception: Reception): Result<IncomingItem, ItemProblem> {
  const unfit = unfitItem(raw);
  if (unfit || !isObject(raw)) return refuse(unfit?.pointer ?? '', unfit?.reason ?? 'must be an object');
  const messageId = parseId(raw['messageId'], '/messageId');
  if (!messageId.ok) return messageId;
  if (messageId.value === undefined) {
    return refuse(
      '/messageId',
      'is required: an id of your own for this event, the same whenever you send it again',
    );
  }
  const source = reception.fromBrowser ? ok(undefined) : parseId(raw['source'], '/source');
  if (!source.ok) return source;
  const name = parseName(raw['name'], '/name');
  if (!name.ok) return name;
  const identity = parseIdentity(raw);
  if (!identity.ok) return identity;
  const occurredAt = parseOccurredAt(raw, reception);
  if (!occurredAt.ok) return occurredAt;
  const properties = raw['properties'] ?? {};
  if (!isObject(properties)) return refuse('/properties', 'must be an object');
  const checked = checkProperties(properties);
  if (!checked.ok) return checked;
  return ok({
    kind: 'event',
    messageId: messageId.value,
    source: source.value ?? reception.source,
    name: name.value,
    occurredAt: occurredAt.value,
    properties: checked.value,
    ...identity.value,
  });
}

function parseIdentity(raw: JsonObject): Result<Identity, ItemProblem> {
  const identity: Identity = {};
  for (const field of identityFields) {
    const id = parseId(raw[field], `/${field}`);
    if (!id.ok) return id;
    if (id.value !== undefined) identity[field] = id.value;
  }
  if (
    identity.accountId === undefined &&
    identity.contactId === undefined &&
    identity.anonymousId === undefined
  ) {
    return refuse('', 'needs accountId, contactId or anonymousId: who did it?');
  }
  return ok(identity);
}

function parseOccurredAt(raw: JsonObject, reception: Reception): Result<Date, ItemProblem> {
  const at = parseTime(raw['occurredAt']);
  if (at === null) {
    return refuse('/occurredAt', 'must be a time in ISO 8601 with offset, such as 2026-11-22T09:30:00+01:00');
  }
  return possibleTime(at, reception.now, '/occurredAt');
}
