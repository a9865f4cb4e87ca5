const FIRST_CAPACITY = 16 * 1024;
/** Room that a whole number takes at most. */
const VARINT_BYTES = 5;

/** Two bits for each number say how it is written. */
const ZERO = 0;
/** The same instant as the last one written: most slots share the time of the latest events. */
const SAME_INSTANT = 1;
const SMALL = 2;
const DOUBLE = 3;
/** Small whole numbers lie below; this one stands for −Infinity, "no time yet". */
const NEVER = 0xffff;
/** Whole numbers above this are taken for instants (Unix milliseconds after January 1970). */
const INSTANTS_FROM = 2 ** 31;

/** Writes numbers and texts into bytes that grow. */
export class ByteWriter {
  private bytes = Buffer.allocUnsafe(FIRST_CAPACITY);
  private view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  private position = 0;
  private instant = NaN;

  /** Forgets everything written. */
  restart(): void {
    this.position = 0;
    this.instant = NaN;
  }

  /** A copy of what was written. */
  taken(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.position));
  }

  /** A whole number from 0 to 2^32 − 1, seven bits a byte, the low ones first. */
  varint(value: number): void {
    this.reserve(VARINT_BYTES);
    let left = value;
    while (left > 127) {
      this.bytes[this.position++] = (left & 127) | 128;
      left >>>= 7;
    }
    this.bytes[this.position++] = left;
  }

  /** Its length in bytes, then UTF-8. */
  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.varint(length);
    this.reserve(length);
    this.position += this.bytes.write(value, this.position, length, 'utf8');
  }

  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.position);
    this.position += value.length;
  }

  /** Numbers of slots: by four, a byte of codes and then what the codes need. */
  numbers(slots: Float64Array, from: number, width: number): void {
    this.reserve(9 * width + 1);
    const { bytes, view } = this;
    let position = this.position;
    for (let block = from; block < from + width; block += 4) {
      const codesAt = position++;
      const end = Math.min(block + 4, from + width);
      let codes = 0;
      for (let index = block; index < end; index += 1) {
        const value = slots[index] as number;
        if (value === 0) continue;
        let code = DOUBLE;
        if (value === this.instant) {
          code = SAME_INSTANT;
        } else if (value === -Infinity || (value > 0 && value < NEVER && value === (value | 0))) {
          code = SMALL;
          view.setUint16(position, value === -Infinity ? NEVER : value, true);
          position += 2;
        } else {
          view.setFloat64(position, value, true);
          position += 8;
          if (value > INSTANTS_FROM && Number.isInteger(value)) this.instant = value;
        }
        codes |= code << (2 * (index - block));
      }
      bytes[codesAt] = codes;
    }
    this.position = position;
  }

  private reserve(more: number): void {
    if (this.position + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.position + more));
    this.bytes.copy(larger, 0, 0, this.position);
    this.bytes = larger;
    this.view = new DataView(larger.buffer, larger.byteOffset, larger.length);
  }
}

/** Reads what `ByteWriter` wrote. Throws a RangeError when the bytes end too early. */
export class ByteReader {
  private readonly buffer: Buffer;
  private readonly view: DataView;
  private position = 0;
  private instant = NaN;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = this.view.getUint8(this.position++);
      value |= (next & 127) << shift;
      if (next < 128) return value >>> 0;
    }
  }

  text(): string {
    const start = this.advance(this.varint());
    return this.buffer.toString('utf8', start, this.position);
  }

  raw(length: number): Uint8Array {
    const start = this.advance(length);
    return this.buffer.subarray(start, this.position);
  }

  /** Into slots that are all 0. */
  numbers(slots: Float64Array, from: number, width: number): void {
    const { view } = this;
    let position = this.position;
    for (let block = from; block < from + width; block += 4) {
      let codes = view.getUint8(position++);
      for (let index = block; codes !== ZERO; index += 1) {
        const code = codes & 3;
        codes >>= 2;
        if (code === SAME_INSTANT) {
          slots[index] = this.instant;
        } else if (code === SMALL) {
          const small = view.getUint16(position, true);
          position += 2;
          slots[index] = small === NEVER ? -Infinity : small;
        } else if (code === DOUBLE) {
          const value = view.getFloat64(position, true);
          position += 8;
          slots[index] = value;
          if (value > INSTANTS_FROM && Number.isInteger(value)) this.instant = value;
        }
      }
    }
    this.position = position;
  }

  private advance(length: number): number {
    const start = this.position;
    if (start + length > this.buffer.length) throw new RangeError('The bytes end too early');
    this.position += length;
    return start;
  }
}
