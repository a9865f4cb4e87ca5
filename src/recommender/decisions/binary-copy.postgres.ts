import { once } from 'node:events';
import type { EntityManager } from 'typeorm';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** One value of a row in PostgreSQL's binary format: text, bytes, a whole number (bigint), a time, or null. */
export type CopyValue = string | Uint8Array | bigint | Date | null;

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** 2000-01-01 in Unix milliseconds: where PostgreSQL counts from. */
const POSTGRES_EPOCH = 946_684_800_000;

/** Writes rows with COPY … (FORMAT binary) inside the manager's transaction. Columns must have the values' types. */
export async function copyRows(
  manager: EntityManager,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly CopyValue[])[],
): Promise<void> {
  if (!manager.queryRunner) throw new Error('COPY is made inside a transaction');
  const client = (await manager.queryRunner.connect()) as ClientBase;
  const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin (format binary)`));
  const finished = once(stream, 'finish');
  stream.end(encodeRows(rows));
  await finished;
}

/** The binary format: signature, flags, header extension, rows, and −1. */
export function encodeRows(rows: readonly (readonly CopyValue[])[]): Buffer {
  const parts: Buffer[] = [SIGNATURE, Buffer.alloc(8)];
  for (const row of rows) {
    const count = Buffer.alloc(2);
    count.writeInt16BE(row.length);
    parts.push(count);
    for (const value of row) {
      const bytes = bytesOf(value);
      const length = Buffer.alloc(4);
      length.writeInt32BE(bytes?.length ?? -1);
      parts.push(length);
      if (bytes) parts.push(bytes);
    }
  }
  const end = Buffer.alloc(2);
  end.writeInt16BE(-1);
  return Buffer.concat([...parts, end]);
}

function bytesOf(value: CopyValue): Buffer | null {
  if (value === null) return null;
  if (typeof value === 'string') return Buffer.from(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(typeof value === 'bigint' ? value : BigInt(value.getTime() - POSTGRES_EPOCH) * 1000n);
  return bytes;
}
