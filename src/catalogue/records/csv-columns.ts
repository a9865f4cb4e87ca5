import { err, type FieldProblem, ok, type Result } from '../../shared/index.js';
import type { Reader } from './reader.js';

/** Turns the cells of one CSV row into the object that the reader of its kind reads. */
export type RowOfCells = (cells: readonly string[]) => Record<string, unknown>;

/** Names of the columns that a CSV may have: members by dotted path; `attributes.*` takes any name. */
export function columnNames(reader: Reader<unknown>, path = ''): string[] {
  if (reader.fields) {
    return Object.entries(reader.fields).flatMap(([name, below]) =>
      columnNames(below, path === '' ? name : `${path}.${name}`),
    );
  }
  if (reader.entry) return columnNames(reader.entry, `${path}.*`);
  return [path];
}

/** How a column's text is read; undefined: there is no such column. */
function leafOf(reader: Reader<unknown>, path: readonly string[]): Reader<unknown> | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return reader.fields || reader.entry ? undefined : reader;
  if (reader.fields) {
    const below = Object.hasOwn(reader.fields, name) ? reader.fields[name] : undefined;
    return below && leafOf(below, rest);
  }
  if (!reader.entry || name === '') return undefined;
  // Names of attributes may hold dots themselves; entries that are objects cannot.
  return reader.entry.fields || reader.entry.entry ? leafOf(reader.entry, rest) : reader.entry;
}

function pathOf(reader: Reader<unknown>, column: string): string[] {
  const path = column.split('.');
  const [first = '', ...rest] = path;
  const below = reader.fields?.[first];
  const namesMayHaveDots = below?.entry && !below.entry.fields && !below.entry.entry;
  return namesMayHaveDots && rest.length > 1 ? [first, rest.join('.')] : path;
}

/**
 * Reads a CSV header against the reader of a kind. Refuses an unknown or repeated column by name; an empty cell means
 * that the member is absent.
 */
export function readHeader(
  reader: Reader<unknown>,
  header: readonly string[],
): Result<RowOfCells, FieldProblem[]> {
  const allowed = columnNames(reader).join(', ');
  const problems: FieldProblem[] = [];
  const columns = header.map((name, index) => {
    const column = name.trim();
    const path = pathOf(reader, column);
    const leaf = leafOf(reader, path);
    const pointer = `/${column.replaceAll('.', '/')}`;
    if (!leaf)
      problems.push({ pointer, detail: `"${column}" is not a column here; the columns are: ${allowed}` });
    else if (header.findIndex((other) => other.trim() === column) < index)
      problems.push({ pointer, detail: `the column "${column}" is there twice` });
    return { path, leaf };
  });
  problems.push(...missingColumns(reader, columns));
  if (problems.length > 0) return err(problems);
  return ok((cells) => {
    const row: Record<string, unknown> = {};
    columns.forEach(({ path, leaf }, index) => {
      const text = cells[index] ?? '';
      if (text !== '') place(row, path, leaf?.cell ? leaf.cell(text) : text);
    });
    return row;
  });
}

/** Members without which no row could be read. */
function missingColumns(
  reader: Reader<unknown>,
  columns: readonly { path: readonly string[] }[],
): FieldProblem[] {
  const present = new Set(columns.map(({ path }) => path[0]));
  return Object.entries(reader.fields ?? {})
    .filter(([name, field]) => !present.has(name) && !field.read(undefined, '').ok)
    .map(([name]) => ({ pointer: `/${name}`, detail: `the column "${name}" is missing` }));
}

function place(row: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    row[name] = value;
    return;
  }
  const below = Object.hasOwn(row, name) ? row[name] : undefined;
  const object = (typeof below === 'object' && below !== null ? below : {}) as Record<string, unknown>;
  row[name] = object;
  place(object, rest, value);
}
