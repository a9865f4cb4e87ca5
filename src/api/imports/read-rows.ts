import { pipeline, Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { CsvError, parse, type Parser } from 'csv-parse';
import type { RowOfCells } from '../../catalogue/index.js';
import type { FieldProblem, Result } from '../../shared/index.js';
import { formatOf, unpacked } from './open-body.js';

/** A row as it was read, or why it could not be. */
export type ReadRow = { line: number; value: unknown } | { line: number; unreadable: string };

/** The header does not fit the kind: nothing may be saved. */
export class HeaderRefused extends Error {
  constructor(readonly problems: readonly FieldProblem[]) {
    super('the header of the CSV does not fit');
  }
}

/** No line, and no CSV record, may be longer. */
export const ROW_MAX_BYTES = 1024 * 1024;

export type ReadHeader = (names: readonly string[]) => Promise<Result<RowOfCells, FieldProblem[]>>;

/**
 * Rows of a body, one after another, whether packed or not. A row that cannot be read is told as such; where the rest of
 * the file cannot be read either, it is the last one. Throws `HeaderRefused` before the first row of a CSV whose columns
 * are wrong.
 */
export async function* readRows(
  contentType: string,
  body: Readable,
  header: ReadHeader,
): AsyncGenerator<ReadRow> {
  const progress = { line: 1 };
  try {
    const { format, whole } = await formatOf(contentType, await unpacked(body));
    yield* format === 'csv' ? csvRows(whole, header, progress) : jsonRows(whole, progress);
  } catch (cause) {
    const reason = brokenBecause(cause);
    if (reason === undefined) throw cause;
    yield { line: progress.line, unreadable: `${reason}; the rest of the file was not read` };
  }
}

function brokenBecause(cause: unknown): string | undefined {
  if (cause instanceof CsvError) return `is not CSV: ${cause.message}`;
  if (cause instanceof LineTooLong) return `is longer than ${ROW_MAX_BYTES} bytes`;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return code.startsWith('Z_') ? `cannot be unpacked as gzip (${code})` : undefined;
}

class LineTooLong extends Error {}

async function* linesOf(chunks: AsyncIterable<Buffer>, progress: { line: number }): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  for await (const chunk of chunks) {
    const parts = (pending + decoder.write(chunk)).split('\n');
    pending = parts.pop() ?? '';
    for (const part of parts) {
      yield part;
      progress.line += 1;
    }
    if (pending.length > ROW_MAX_BYTES) throw new LineTooLong();
  }
  pending += decoder.end();
  if (pending !== '') yield pending;
}

async function* jsonRows(chunks: AsyncIterable<Buffer>, progress: { line: number }): AsyncGenerator<ReadRow> {
  for await (const text of linesOf(chunks, progress)) {
    const json = progress.line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (json.trim() !== '') yield parsedLine(json, progress.line);
  }
}

function parsedLine(json: string, line: number): ReadRow {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    return { line, unreadable: `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
  if (Array.isArray(value) || typeof value !== 'object' || value === null)
    return { line, unreadable: 'must be one JSON object a line (NDJSON), not a list or a bare value' };
  return { line, value };
}

interface CsvRecord {
  record: string[];
  info: { lines: number };
}

async function* csvRows(
  chunks: AsyncIterable<Buffer>,
  header: ReadHeader,
  progress: { line: number },
): AsyncGenerator<ReadRow> {
  const found: { broken?: CsvError } = {};
  const parser = csvParser((cause) => (found.broken ??= cause));
  pipeline(Readable.from(chunks), parser, () => undefined);
  let columns: { count: number; read: RowOfCells } | undefined;
  for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
    // A quote that was never closed swallows lines: what seems to follow it is not to be trusted.
    if (found.broken && info.lines > lineOf(found.broken)) break;
    progress.line = info.lines;
    if (!columns) {
      const read = await header(record);
      if (!read.ok) throw new HeaderRefused(read.error);
      columns = { count: record.length, read: read.value };
    } else if (record.length !== columns.count) {
      const unreadable = `has ${record.length} cells, but the header has ${columns.count}`;
      yield { line: info.lines, unreadable };
    } else yield { line: info.lines, value: columns.read(record) };
  }
  if (!found.broken) return;
  progress.line = lineOf(found.broken);
  throw found.broken;
}

const lineOf = (cause: CsvError): number => Number(cause['lines']);

/** Tells of what is no CSV instead of failing at once, so that the rows before it are still given. */
function csvParser(tell: (cause: CsvError) => void): Parser {
  return parse({
    bom: true,
    info: true,
    max_record_size: ROW_MAX_BYTES,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (cause) => {
      if (cause) tell(cause);
      return undefined;
    },
  });
}
