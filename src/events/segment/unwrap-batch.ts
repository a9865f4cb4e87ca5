import type { Json, JsonObject } from '../../shared/index.js';
import { isObject } from '../parsing.js';
import type { SegmentCall } from './segment-call.js';

/** A body as it came, taken apart: one entry per call, each complete in itself so that it can be parsed again alone. */
export function unwrapBatch(body: Json, type: SegmentCall | 'batch'): Json[] {
  if (type !== 'batch') return [isObject(body) ? withoutKey({ ...body, type }) : body];
  if (!isObject(body)) return [body];
  const { batch, context, integrations, sentAt } = body;
  if (!Array.isArray(batch)) return [withoutKey(body)];
  return batch.map((item) => {
    if (!isObject(item)) return item;
    const call: JsonObject = { ...item };
    if (isObject(context)) call['context'] = merge(context, item['context']);
    if (isObject(integrations)) call['integrations'] = merge(integrations, item['integrations']);
    if (sentAt !== undefined && item['sentAt'] === undefined) call['sentAt'] = sentAt;
    return call;
  });
}

/** The write key is a secret: it is not kept with an item that is set aside. */
function withoutKey(body: JsonObject): JsonObject {
  const { writeKey: _, ...rest } = body;
  return rest;
}

function merge(all: JsonObject, own: Json | undefined): JsonObject {
  return isObject(own) ? { ...all, ...own } : all;
}
