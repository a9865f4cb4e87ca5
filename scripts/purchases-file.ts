import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CsvError, type Info, parse } from 'csv-parse';
import type { Purchase } from '../src/insights/index.js';
import { CommandFailed } from './terminal.js';

const COLUMNS = ['account', 'item', 'timestamp'] as const;
const GZIP_MAGIC = 0x1f8b;
const MILLISECONDS = 1000;

/**
 * Purchases of a CSV file with a header that has account, item and timestamp (others are passed over), separated by comma
 * or semicolon, packed with gzip or not. Times are ISO 8601, a day, or Unix seconds; without an offset UTC is meant.
 * Throws `CommandFailed` naming the line.
 */
export async function readPurchases(path: string): Promise<Purchase[]> {
  const text = unpacked(path);
  const [header = ''] = text.split(/\r?\n/, 1);
  const delimiter = header.split(';').length > header.split(',').length ? ';' : ',';
  const rows = await rowsOf(path, text, delimiter);
  const names = rows[0]?.record ?? [];
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new CommandFailed(
      `${path}, line 1: the header lacks ${missing.join(', ')} (it has: ${names.join(', ')})`,
    );
  }
  const [account, item, timestamp] = COLUMNS.map((column) => names.indexOf(column));
  return rows.slice(1).map(({ info, record }) => {
    const field = (place: number | undefined, name: string): string => {
      const value = record[place ?? -1]?.trim();
      if (!value) throw new CommandFailed(`${path}, line ${info.lines}: "${name}" is empty`);
      return value;
    };
    const at = timeOf(field(timestamp, 'timestamp'));
    if (!at) {
      throw new CommandFailed(
        `${path}, line ${info.lines}: "timestamp" must be a time such as 2026-11-22T09:30:00Z, a day, or Unix seconds, ` +
          `not "${field(timestamp, 'timestamp')}"`,
      );
    }
    return { account: field(account, 'account'), item: field(item, 'item'), at };
  });
}

function unpacked(path: string): string {
  try {
    const bytes = readFileSync(path);
    const packed = bytes.length > 1 && bytes.readUInt16BE(0) === GZIP_MAGIC;
    return (packed ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (cause) {
    throw new CommandFailed(
      `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

interface ReadRow {
  info: Info;
  record: string[];
}

async function rowsOf(path: string, text: string, delimiter: string): Promise<ReadRow[]> {
  const options = { bom: true, info: true, delimiter, skip_empty_lines: true, relax_column_count: true };
  const rows: ReadRow[] = [];
  try {
    for await (const row of parse(text, options) as AsyncIterable<ReadRow>) rows.push(row);
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new CommandFailed(`${path}: ${cause.message}`);
  }
  return rows;
}

const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Null where the text is no time. */
export function timeOf(text: string): Date | null {
  if (/^\d+(\.\d+)?$/.test(text)) return validOf(new Date(Number(text) * MILLISECONDS));
  const found = ISO.exec(text);
  if (!found) return null;
  const [, clock, offset] = found;
  const iso = text.replace(' ', 'T');
  return validOf(new Date(clock && !offset ? `${iso}Z` : iso));
}

function validOf(at: Date): Date | null {
  return Number.isNaN(at.getTime()) ? null : at;
}
