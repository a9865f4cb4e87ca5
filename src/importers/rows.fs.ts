import { createReadStream } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Info, parse } from 'csv-parse';
import type { JsonObject } from '../shared/index.js';
import { UnreadableFile } from './failure.js';

/** One row of a file with its 1-based line in the unpacked text. */
export interface Row<Fields> {
  line: number;
  fields: Fields;
}

/** Objects of a file with one JSON object a line, packed with gzip or not; blank lines are passed over. */
export async function* ndjsonRows(path: string): AsyncGenerator<Row<JsonObject>> {
  const file = basename(path);
  for await (const { line, text } of lines(path)) {
    if (text.trim() === '') continue;
    yield { line, fields: parseObject(file, line, text) };
  }
}

function parseObject(file: string, line: number, text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UnreadableFile(
      file,
      line,
      `is not JSON (${cause instanceof Error ? cause.message : String(cause)})`,
    );
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new UnreadableFile(file, line, 'must be one JSON object, such as {"id": "…"}');
  }
  return value as JsonObject;
}

/** Rows of a comma-separated file whose header has at least these columns; only these are kept. */
export async function* csvRows<const Column extends string>(
  path: string,
  columns: readonly Column[],
): AsyncGenerator<Row<Record<Column, string>>> {
  const file = basename(path);
  const parser = (await unpacked(path)).pipe(parse({ bom: true, info: true, relax_column_count: true }));
  let places: number[] | null = null;
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: Info; record: string[] }>) {
      if (places === null) {
        places = placesOf(file, record, columns);
        continue;
      }
      const fields = {} as Record<Column, string>;
      for (let index = 0; index < columns.length; index += 1) {
        const value = record[places[index] ?? -1];
        if (value === undefined) {
          throw new UnreadableFile(
            file,
            info.lines,
            `has ${record.length} fields, too few for "${columns[index]}"`,
          );
        }
        fields[columns[index] as Column] = value;
      }
      yield { line: info.lines, fields };
    }
  } catch (cause) {
    throw asUnreadable(file, cause);
  }
  if (places === null) throw new UnreadableFile(file, null, 'is empty: a header line is needed');
}

function placesOf(file: string, header: readonly string[], columns: readonly string[]): number[] {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new UnreadableFile(
      file,
      1,
      `the header lacks ${missing.join(', ')} (it has: ${header.slice(0, 12).join(', ')})`,
    );
  }
  return columns.map((column) => header.indexOf(column));
}

async function* lines(path: string): AsyncGenerator<{ line: number; text: string }> {
  const decoder = new TextDecoder();
  let rest = '';
  let line = 0;
  try {
    for await (const chunk of await unpacked(path)) {
      const parts = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const text of parts) yield { line: (line += 1), text };
    }
  } catch (cause) {
    throw asUnreadable(basename(path), cause);
  }
  if (rest !== '') yield { line: line + 1, text: rest };
}

/** The bytes of a file, unpacked when it begins as gzip does. A broken file fails the stream that is read. */
export async function unpacked(path: string): Promise<Readable> {
  await mustExist(path);
  const handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  await handle.close();
  const bytes = createReadStream(path);
  if (bytesRead < 2 || buffer.readUInt16BE(0) !== GZIP_MAGIC) return bytes;
  const gunzip = createGunzip();
  bytes.on('error', (cause) => gunzip.destroy(cause));
  return bytes.pipe(gunzip);
}

const GZIP_MAGIC = 0x1f8b;

async function mustExist(path: string): Promise<void> {
  try {
    await access(path);
  } catch (cause) {
    const problem = 'cannot be read. The public data sets are looked for under NBA_DATA_DIR, or --dir';
    throw Object.assign(new UnreadableFile(path, null, problem), { cause });
  }
}

/** Errors of the packer and of the CSV reader, told by their codes, are about the file; others are not. */
function asUnreadable(file: string, cause: unknown): unknown {
  if (cause === null || typeof cause !== 'object' || !('code' in cause) || !('message' in cause))
    return cause;
  if (!/^(CSV_|Z_)/.test(String(cause.code))) return cause;
  const line = 'lines' in cause && typeof cause.lines === 'number' ? cause.lines : null;
  return Object.assign(new UnreadableFile(file, line, String(cause.message)), { cause });
}
