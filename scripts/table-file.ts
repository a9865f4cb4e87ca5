import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CsvError, type Info, parse } from 'csv-parse';
import { CommandFailed } from './terminal.js';

const GZIP_MAGIC = 0x1f8b;
const MILLISECONDS = 1000;

/** A row of a file, as text. Whatever is wrong with it is said with the file's name and the line. */
export class TableRow {
  constructor(
    private readonly path: string,
    readonly line: number,
    private readonly places: ReadonlyMap<string, number>,
    private readonly record: readonly string[],
  ) {}

  /** What the column says, without spaces around it; empty where it says nothing. */
  text(column: string): string {
    return this.record[this.places.get(column) ?? -1]?.trim() ?? '';
  }

  required(column: string): string {
    const text = this.text(column);
    if (text === '') throw this.wrong(column, 'is empty');
    return text;
  }

  number(column: string): number {
    const text = this.required(column);
    const value = Number(text);
    if (!Number.isFinite(value)) throw this.wrong(column, `must be a number, not "${text}"`);
    return value;
  }

  time(column: string): Date {
    const text = this.required(column);
    const at = timeOf(text);
    if (at) return at;
    throw this.wrong(
      column,
      `must be a time such as 2026-11-22T09:30:00Z, a day, or Unix seconds, not "${text}"`,
    );
  }

  wrong(column: string, problem: string): CommandFailed {
    return new CommandFailed(`${this.path}, line ${this.line}: "${column}" ${problem}`);
  }
}

export interface Table {
  path: string;
  /** As the header names them, without those that were dropped. */
  columns: string[];
  rows: TableRow[];
}

/**
 * A CSV file with a header, separated by comma or semicolon, packed with gzip or not. Throws `CommandFailed` that names
 * the line.
 */
export async function readTable(
  path: string,
  { required = [], drop = [] }: { required?: readonly string[]; drop?: readonly string[] } = {},
): Promise<Table> {
  const text = unpacked(path);
  const [header = ''] = text.split(/\r?\n/, 1);
  const delimiter = header.split(';').length > header.split(',').length ? ';' : ',';
  const read = await rowsOf(path, text, delimiter);
  const names = (read[0]?.record ?? []).map((name) => name.trim());
  const missing = [...required, ...drop].filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new CommandFailed(
      `${path}, line 1: the header lacks ${missing.join(', ')} (it has: ${names.join(', ')})`,
    );
  }
  const places = new Map(names.map((name, place) => [name, place]));
  for (const column of drop) places.delete(column);
  return {
    path,
    columns: names.filter((name) => !drop.includes(name)),
    rows: read.slice(1).map(({ info, record }) => new TableRow(path, info.lines, places, record)),
  };
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

/** A list of columns on the command line: `a,b`. */
export function columnsOf(text: string): string[] {
  return text
    .split(',')
    .map((column) => column.trim())
    .filter(Boolean);
}
