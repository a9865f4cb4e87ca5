import { DAY, err, isId, type Json, type JsonObject, ok, type Result } from '../shared/index.js';

/** What is wrong with one item that came in: a JSON pointer inside the item, and how to mend it. */
export interface ItemProblem {
  pointer: string;
  reason: string;
}

/** What parsing needs to know of the call that the item came with. */
export interface Reception {
  /** Stable name of the sender. */
  source: string;
  /** When the call came: skew is corrected to this. */
  receivedAt: Date;
  /** The present: later than receivedAt when a quarantined item is tried again. */
  now: Date;
  fromBrowser: boolean;
}

export const ITEM_MAX_BYTES = 32 * 1024;
const NAME_MAX_LENGTH = 200;
const DEPTH_MAX = 32;
const FUTURE_MAX = DAY;
const EARLIEST = Date.UTC(2000, 0, 1);

export const refuse = (pointer: string, reason: string): Result<never, ItemProblem> =>
  err({ pointer, reason });

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Absent and null give undefined. */
export function parseId(value: Json | undefined, pointer: string): Result<string | undefined, ItemProblem> {
  if (value === undefined || value === null || value === '') return ok(undefined);
  const text = typeof value === 'number' ? String(value) : value;
  if (isId(text) && !LONE_SURROGATE.test(text)) return ok(text);
  return refuse(pointer, 'must be a text of 1–128 characters without control characters');
}

export function parseName(value: Json | undefined, pointer: string): Result<string, ItemProblem> {
  if (typeof value !== 'string' || value.trim() === '')
    return refuse(pointer, 'must be the name of the event');
  if (value.length > NAME_MAX_LENGTH)
    return refuse(pointer, `must have at most ${NAME_MAX_LENGTH} characters`);
  if (!isId(value.slice(0, 128)) || !isId(value.slice(-128)) || LONE_SURROGATE.test(value)) {
    return refuse(pointer, 'must not have control characters');
  }
  return ok(value);
}

const TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Every month has this day. */
const SURE_DAY = 28;

/** Milliseconds since 1970 of a time in ISO 8601. A time without offset counts as UTC where `lenient`; else null. */
export function parseTime(value: unknown, lenient = false): number | null {
  if (typeof value !== 'string') return null;
  const match = TIME.exec(value);
  if (!match) return null;
  const [, year, month, day, offset] = match;
  if (Number(day) > SURE_DAY && Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate())
    return null;
  if (offset === undefined && !lenient) return null;
  const text = value.replace(' ', 'T').replace(',', '.');
  const at = Date.parse(offset === undefined && text.length > 10 ? `${text}Z` : text);
  return Number.isNaN(at) ? null : at;
}

/** A time at which something can have happened: from 2000 on, and at most a day ahead of our clock. */
export function possibleTime(at: number, now: Date, pointer: string): Result<Date, ItemProblem> {
  if (at < EARLIEST)
    return refuse(pointer, 'is before the year 2000: correct the clock or the unit of the sender');
  if (at > now.getTime() + FUTURE_MAX) {
    return refuse(
      pointer,
      `is more than 24 hours ahead of this service (${now.toISOString()}): correct the clock of the sender, then replay`,
    );
  }
  return ok(new Date(at));
}

/** Null when the item can be stored: an object, not too big, not too deep. */
export function unfitItem(item: unknown): ItemProblem | null {
  if (!isObject(item)) return { pointer: '', reason: 'must be an object' };
  if (isTooDeep(item))
    return { pointer: '', reason: `is nested deeper than ${DEPTH_MAX} levels: flatten it` };
  return null;
}

/** Nested so deep that neither JSON.stringify nor PostgreSQL may be trusted with it. */
export function isTooDeep(value: Json): boolean {
  return tooDeep(value, DEPTH_MAX);
}

function tooDeep(value: Json, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  for (const key in value) {
    const member = (value as JsonObject)[key];
    if (typeof member === 'object' && member !== null && tooDeep(member, left - 1)) return true;
  }
  return false;
}

/** Bytes of the item as JSON. Only items of a body that is itself larger than the limit need to be measured. */
export function oversized(item: unknown): ItemProblem | null {
  const bytes = Buffer.byteLength(JSON.stringify(item) ?? '');
  if (bytes <= ITEM_MAX_BYTES) return null;
  return {
    pointer: '',
    reason: `has ${bytes} bytes; an item may have ${ITEM_MAX_BYTES}: split it or shorten its properties`,
  };
}
