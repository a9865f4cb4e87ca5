import { once } from 'node:events';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';

/** Types of columns that can be written, with their values. */
interface CopyTypes {
  text: string;
  bytea: Uint8Array;
  int: number;
  bigint: number;
  'double precision': number;
  boolean: boolean;
  timestamptz: Date;
  'text[]': readonly string[];
}
export type CopyType = keyof CopyTypes;
export type CopyValue = CopyTypes[CopyType] | null;

/** Writes rows with COPY … (FORMAT binary) inside the manager's transaction. `columns`: their types by name, in order. */
export async function copyRows(
  manager: EntityManager,
  table: string,
  columns: Readonly<Record<string, CopyType>>,
  rows: Iterable<readonly CopyValue[]>,
): Promise<void> {
  if (!manager.queryRunner) throw new Error('COPY is made inside a transaction');
  const client = (await manager.queryRunner.connect()) as ClientBase & { pipeline: boolean };
  const names = Object.keys(columns).join(', ');
  const encoded = encodeRows(Object.values(columns), rows);
  // Nothing else may be under way on the connection meanwhile.
  client.pipeline = false;
  try {
    const stream = client.query(copyFrom(`copy ${table} (${names}) from stdin (format binary)`));
    const finished = once(stream, 'finish');
    stream.end(encoded);
    await finished;
  } finally {
    client.pipeline = true;
  }
}

/** The binary format: signature, flags, header extension, rows, and −1. */
export function encodeRows(types: readonly CopyType[], rows: Iterable<readonly CopyValue[]>): Buffer {
  const writer = new RowWriter();
  for (const row of rows) {
    if (row.length !== types.length)
      throw new RangeError(`A row has ${row.length} values for ${types.length} columns`);
    writer.begin(row.length);
    for (let place = 0; place < types.length; place += 1)
      writer.value(types[place] as CopyType, row[place] ?? null);
  }
  return writer.ended();
}

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** 2000-01-01 in Unix milliseconds: where PostgreSQL counts from. */
const POSTGRES_EPOCH = 946_684_800_000;
const FIRST_CAPACITY = 256 * 1024;
const NULL = -1;
/** Object id of the type text, as an array names that of its items. */
const TEXT_OID = 25;
const WORD = 2 ** 32;
/** UTF-8 bytes of one UTF-16 unit at most. */
const BYTES_A_UNIT = 3;

/** One piece of memory that grows: small ones for each value would cost more than what is in them. */
class RowWriter {
  private bytes = Buffer.allocUnsafe(FIRST_CAPACITY);
  private end = 0;

  constructor() {
    this.end = SIGNATURE.copy(this.bytes);
    this.bytes.fill(0, this.end, (this.end += 8));
  }

  begin(columns: number): void {
    this.reserve(2);
    this.end = this.bytes.writeInt16BE(columns, this.end);
  }

  ended(): Buffer {
    this.begin(-1);
    return this.bytes.subarray(0, this.end);
  }

  value(type: CopyType, value: CopyValue): void {
    if (value === null) return this.word(NULL);
    switch (type) {
      case 'text':
        return this.text(value as string);
      case 'bytea':
        return this.raw(value as Uint8Array);
      case 'text[]':
        return this.texts(value as readonly string[]);
      case 'boolean':
        this.word(1);
        this.reserve(1);
        this.end = this.bytes.writeUInt8(Number(value), this.end);
        return undefined;
      case 'int':
        this.word(4);
        return this.word(value as number);
      case 'bigint':
        return this.long(value as number);
      case 'double precision':
        this.word(8);
        this.reserve(8);
        this.end = this.bytes.writeDoubleBE(value as number, this.end);
        return undefined;
      case 'timestamptz':
        return this.long(((value as Date).getTime() - POSTGRES_EPOCH) * 1000);
    }
  }

  private word(value: number): void {
    this.reserve(4);
    this.end = this.bytes.writeInt32BE(value, this.end);
  }

  /** A whole number within ±2^53, as eight bytes. */
  private long(value: number): void {
    this.word(8);
    const high = Math.floor(value / WORD);
    this.word(high);
    this.reserve(4);
    this.end = this.bytes.writeUInt32BE(value - high * WORD, this.end);
  }

  private text(value: string): void {
    this.reserve(4 + BYTES_A_UNIT * value.length);
    const written = this.bytes.write(value, this.end + 4);
    this.bytes.writeInt32BE(written, this.end);
    this.end += 4 + written;
  }

  private raw(value: Uint8Array): void {
    this.word(value.length);
    this.reserve(value.length);
    this.bytes.set(value, this.end);
    this.end += value.length;
  }

  /** Dimensions, no nulls, type of the items, their count, the first index, then the items. */
  private texts(values: readonly string[]): void {
    const start = this.end;
    this.word(0);
    for (const word of values.length === 0 ? [0, 0, TEXT_OID] : [1, 0, TEXT_OID, values.length, 1])
      this.word(word);
    for (const value of values) this.text(value);
    this.bytes.writeInt32BE(this.end - start - 4, start);
  }

  private reserve(more: number): void {
    if (this.end + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.end + more));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }
}
