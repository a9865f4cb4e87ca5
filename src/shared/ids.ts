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

/** Random bytes drawn at once: asking the system for ten at a time costs more than the rest of an id. */
const BLOCK_BYTES = 4096;
const BYTES_AN_ID = 10;

/** UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then chance, so that ids sort by time of making. */
export class TimeOrderedIds extends Ids {
  private block = Buffer.alloc(0);
  private used = 0;

  constructor(private readonly now: () => number = () => Date.now()) {
    super();
  }

  next(): string {
    const time = this.now().toString(16).padStart(12, '0');
    const chance = this.draw();
    const version = ((chance.readUInt16BE(0) & 0x0fff) | 0x7000).toString(16);
    const variant = ((chance.readUInt16BE(2) & 0x3fff) | 0x8000).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${chance.toString('hex', 4, BYTES_AN_ID)}`;
  }

  private draw(): Buffer {
    if (this.used + BYTES_AN_ID > this.block.length) {
      this.block = randomBytes(BLOCK_BYTES);
      this.used = 0;
    }
    this.used += BYTES_AN_ID;
    return this.block.subarray(this.used - BYTES_AN_ID, this.used);
  }
}
