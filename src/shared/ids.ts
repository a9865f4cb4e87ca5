import { randomBytes } from 'node:crypto';

declare const brand: unique symbol;

/** A text id of one kind: `Id<'account'>` cannot be passed where `Id<'contact'>` is asked. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

/** Ids are the caller's own: text of 1–128 characters without control characters. */
export const ID_MAX_LENGTH = 128;

// oxlint-disable-next-line no-control-regex -- control characters are what is being refused
const CONTROL = /[\u0000-\u001f\u007f]/;

export function isId(text: unknown): text is string {
  return typeof text === 'string' && text.length >= 1 && text.length <= ID_MAX_LENGTH && !CONTROL.test(text);
}

/** Where new ids come from; a test passes a counter. */
export abstract class Ids {
  abstract next(): string;
}

/** UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then chance, so that ids sort by time of making. */
export class TimeOrderedIds extends Ids {
  constructor(private readonly now: () => number = () => Date.now()) {
    super();
  }

  next(): string {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(this.now(), 0, 6);
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
}
