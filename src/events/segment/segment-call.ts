import { digest, type JsonObject, ok, type Result } from '../../shared/index.js';
import type { IncomingItem } from '../incoming.js';
import { mendProperties } from '../named-properties.js';
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
} from '../parsing.js';
import { eventNames } from '../vocabulary.js';

export const segmentCalls = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type SegmentCall = (typeof segmentCalls)[number];

interface Ids {
  contactId?: string;
  anonymousId?: string;
  accountId?: string;
}

/**
 * One Segment call, with what its batch says for all merged into it (see unwrapBatch). `userId` is a contact or a
 * person-account, `groupId` an account. A problem says where in the call, and how to mend it.
 */
export function parseSegmentCall(raw: unknown, reception: Reception): Result<IncomingItem, ItemProblem> {
  const unfit = unfitItem(raw);
  if (unfit || !isObject(raw)) return refuse(unfit?.pointer ?? '', unfit?.reason ?? 'must be an object');
  const type = segmentCalls.find((call) => call === raw['type']);
  if (!type) return refuse('/type', `must be one of ${segmentCalls.join(', ')}`);
  const ids = parseIds(raw);
  if (!ids.ok) return ids;
  const occurredAt = correctedTime(raw, reception);
  if (!occurredAt.ok) return occurredAt;
  const messageId = parseId(raw['messageId'], '/messageId');
  if (!messageId.ok) return messageId;
  const envelope = {
    messageId: messageId.value ?? derivedMessageId(raw, reception),
    source: reception.source,
    occurredAt: occurredAt.value,
    ...ids.value,
  };
  if (type === 'identify') return ok({ ...envelope, kind: 'identify', traits: contactTraits(raw) });
  if (type === 'group') {
    if (!ids.value.accountId) return refuse('/groupId', 'is required: the account that the user belongs to');
    return ok({ ...envelope, kind: 'group', traits: objectAt(raw, 'traits') });
  }
  if (type === 'alias') return parseAlias(raw, envelope);
  const name = eventName(type, raw);
  if (!name.ok) return name;
  return ok({ ...envelope, kind: 'event', name: name.value, properties: properties(type, raw) });
}

const objectAt = (raw: JsonObject, field: string): JsonObject => {
  const value = raw[field];
  return isObject(value) ? value : {};
};

function parseIds(raw: JsonObject): Result<Ids, ItemProblem> {
  const userId = parseId(raw['userId'], '/userId');
  if (!userId.ok) return userId;
  const anonymousId = parseId(raw['anonymousId'], '/anonymousId');
  if (!anonymousId.ok) return anonymousId;
  const own = parseId(raw['groupId'], '/groupId');
  if (!own.ok) return own;
  const group =
    own.value === undefined ? parseId(objectAt(raw, 'context')['groupId'], '/context/groupId') : own;
  if (!group.ok) return group;
  if (userId.value === undefined && anonymousId.value === undefined) {
    return refuse('', 'needs userId or anonymousId: who did it?');
  }
  const ids: Ids = {};
  if (userId.value !== undefined) ids.contactId = userId.value;
  if (anonymousId.value !== undefined) ids.anonymousId = anonymousId.value;
  if (group.value !== undefined) ids.accountId = group.value;
  return ok(ids);
}

/**
 * The sender's clock may be wrong, the distance between two of its times is not: receivedAt − (sentAt −
 * originalTimestamp).
 */
function correctedTime(raw: JsonObject, reception: Reception): Result<Date, ItemProblem> {
  const field =
    raw['originalTimestamp'] === undefined || raw['originalTimestamp'] === null
      ? 'timestamp'
      : 'originalTimestamp';
  const stated = raw[field];
  if (stated === undefined || stated === null) return ok(reception.receivedAt);
  const original = parseTime(stated, true);
  if (original === null)
    return refuse(`/${field}`, 'must be a time in ISO 8601, such as 2026-11-22T09:30:00.000Z');
  const sentAt = parseTime(raw['sentAt'], true);
  const at = sentAt === null ? original : reception.receivedAt.getTime() - (sentAt - original);
  return possibleTime(at, reception.now, `/${field}`);
}

/** The same call sent again gives the same id, as far as it can be told: by its times, else by its receipt. */
function derivedMessageId(raw: JsonObject, reception: Reception): string {
  const { sentAt, integrations: _, ...call } = raw;
  const dated =
    call['timestamp'] ?? call['originalTimestamp'] ?? sentAt ?? reception.receivedAt.toISOString();
  return `derived-${digest([call, dated])}`;
}

function parseAlias(
  raw: JsonObject,
  envelope: Ids & { messageId: string; source: string; occurredAt: Date },
): Result<IncomingItem, ItemProblem> {
  const previousId = parseId(raw['previousId'], '/previousId');
  if (!previousId.ok) return previousId;
  if (envelope.contactId === undefined)
    return refuse('/userId', 'is required: the contact that previousId belongs to');
  if (previousId.value === undefined)
    return refuse('/previousId', 'is required: the id that was used before');
  return ok({ ...envelope, kind: 'alias', previousId: previousId.value });
}

function eventName(type: SegmentCall, raw: JsonObject): Result<string, ItemProblem> {
  if (type === 'page') return ok(eventNames.pageViewed);
  if (type === 'screen') return ok(eventNames.screenViewed);
  return parseName(raw['event'], '/event');
}

/** Own properties first, then what the page and the call say. */
function properties(type: SegmentCall, raw: JsonObject): ReturnType<typeof mendProperties> {
  const own = objectAt(raw, 'properties');
  const page = objectAt(objectAt(raw, 'context'), 'page');
  const filled: JsonObject = { ...own };
  for (const [field, value] of [
    ['url', page['url']],
    ['path', page['path']],
    ...(type === 'track'
      ? []
      : [
          ['name', raw['name']],
          ['category', raw['category']],
        ]),
  ] as const) {
    if (field !== undefined && typeof value === 'string' && filled[field as string] === undefined)
      filled[field as string] = value;
  }
  return mendProperties(filled);
}

function contactTraits(raw: JsonObject): JsonObject {
  const context = objectAt(raw, 'context');
  const { timezone, locale } = context;
  return {
    ...(typeof timezone === 'string' ? { timeZone: timezone } : {}),
    ...(typeof locale === 'string' ? { locale } : {}),
    ...objectAt(context, 'traits'),
    ...objectAt(raw, 'traits'),
  };
}
