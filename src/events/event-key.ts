import { createHash } from 'node:crypto';
import type { EventId } from './event.js';

/**
 * Id of an event: 122 bits of SHA-256 of source and messageId, in the form of UUID version 8 (RFC 9562). It is the key
 * of deduplication too, so the same event has the same id however often, in whatever order and company it comes.
 */
export function eventKey(source: string, messageId: string): EventId {
  const bytes = createHash('sha256').update(`${source.length}:${source}${messageId}`).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as EventId;
}
