import { err, type FieldProblem, isId, ok, type Result } from '../../shared/index.js';

/**
 * Reads a value that came from outside: gives it typed, or says what is wrong with a pointer. `cell` turns the text of a
 * CSV cell into what `read` expects; `fields` and `entry` tell which dotted columns lie below.
 */
export interface Reader<Value> {
  read(value: unknown, pointer: string): Result<Value, FieldProblem[]>;
  cell?(text: string): unknown;
  fields?: Readonly<Record<string, Reader<unknown>>>;
  entry?: Reader<unknown>;
}

export type Shape = Readonly<Record<string, Reader<unknown>>>;
export type Values<S extends Shape> = {
  [Key in keyof S]: S[Key] extends Reader<infer Value> ? Value : never;
};

const refused = (pointer: string, detail: string) => err([{ pointer, detail }]);
const asIs = (text: string) => text;

// oxlint-disable-next-line no-control-regex -- what a database cannot keep as text: NUL, and half of a character
const UNSTORABLE = /\u0000|\p{Surrogate}/u;

/** Whether a text can be kept as it is. */
export function isStorable(value: string): boolean {
  return !UNSTORABLE.test(value);
}

/** A reader that only tests: `accepts` narrows, `detail` says how to mend. */
function simple<Value>(
  accepts: (value: unknown) => value is Value,
  detail: string,
  cell: (text: string) => unknown = asIs,
): Reader<Value> {
  return {
    read: (value, pointer) => {
      if (accepts(value)) return ok(value);
      return refused(pointer, value === undefined || value === null ? `is missing: ${detail}` : detail);
    },
    cell,
  };
}

export function id<Value extends string>(): Reader<Value> {
  return simple(
    (value): value is Value => isId(value) && isStorable(value),
    'must be a text of 1 to 128 characters without control characters (your own id)',
  );
}

export function text(maxLength = 200): Reader<string> {
  return simple(
    (value): value is string =>
      typeof value === 'string' && value.length >= 1 && value.length <= maxLength && isStorable(value),
    `must be a text of 1 to ${maxLength} characters, without NUL`,
  );
}

/** A text with a form of its own: `sort` names it with an example. */
export function formed(sort: string, fits: (value: string) => boolean, maxLength = 200): Reader<string> {
  return simple(
    (value): value is string =>
      typeof value === 'string' && value.length <= maxLength && isStorable(value) && fits(value),
    `must be ${sort}`,
  );
}

export function oneOf<const Choice extends string>(choices: readonly Choice[]): Reader<Choice> {
  return simple(
    (value): value is Choice => (choices as readonly unknown[]).includes(value),
    `must be one of ${choices.join(', ')}`,
  );
}

/** A number from a text; what is no number stays text, for the reader to refuse. */
const numberCell = (cell: string): unknown =>
  cell.trim() !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell;
const booleanCell = (cell: string): unknown => (cell === 'true' ? true : cell === 'false' ? false : cell);

export function number(low: number, high: number, whole = false): Reader<number> {
  const range = Number.isFinite(high)
    ? ` from ${low} to ${high}`
    : Number.isFinite(low)
      ? ` of at least ${low}`
      : '';
  return simple(
    (value): value is number =>
      typeof value === 'number' &&
      Number.isFinite(value) &&
      value >= low &&
      value <= high &&
      (!whole || Number.isInteger(value)),
    `must be a ${whole ? 'whole ' : ''}number${range}`,
    numberCell,
  );
}

export function truth(): Reader<boolean> {
  return simple(
    (value): value is boolean => typeof value === 'boolean',
    'must be true or false',
    booleanCell,
  );
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

export function isIsoTime(value: unknown): value is string {
  return typeof value === 'string' && ISO_TIME.test(value) && !Number.isNaN(Date.parse(value));
}

export function time(): Reader<Date> {
  return {
    read: (value, pointer) => {
      if (value instanceof Date && !Number.isNaN(value.getTime())) return ok(value);
      if (isIsoTime(value)) return ok(new Date(value));
      return refused(pointer, 'must be a time in ISO 8601 with offset, such as 2026-11-22T09:30:00+01:00');
    },
    cell: asIs,
  };
}

/** Null and absent are null. */
export function optional<Value>(inner: Reader<Value>): Reader<Value | null> {
  return {
    ...inner,
    read: (value, pointer) => (value === undefined || value === null ? ok(null) : inner.read(value, pointer)),
  };
}

/** Absent is the default. */
export function withDefault<Value>(inner: Reader<Value>, fallback: Value): Reader<Value> {
  return {
    ...inner,
    read: (value, pointer) => (value === undefined ? ok(fallback) : inner.read(value, pointer)),
  };
}

/** A list; in a CSV cell its entries are separated by `|`. */
export function list<Value>(inner: Reader<Value>, maxEntries = 1000): Reader<Value[]> {
  return {
    read: (value, pointer) => {
      if (!Array.isArray(value)) return refused(pointer, 'must be a list');
      if (value.length > maxEntries) return refused(pointer, `must have at most ${maxEntries} entries`);
      return gather(
        value.map((entry: unknown, index) => inner.read(entry, `${pointer}/${index}`)),
        (values) => values,
      );
    },
    cell: (cell) => cell.split('|').map((entry) => (inner.cell ? inner.cell(entry.trim()) : entry.trim())),
  };
}

function gather<Value, Whole>(
  results: readonly Result<Value, FieldProblem[]>[],
  whole: (values: Value[]) => Whole,
): Result<Whole, FieldProblem[]> {
  const problems = results.flatMap((result) => (result.ok ? [] : result.error));
  if (problems.length > 0) return err(problems);
  return ok(whole(results.flatMap((result) => (result.ok ? [result.value] : []))));
}

export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** An object of any names with values of one kind; `fitsName` tells which names are good. */
export function map<Value>(
  inner: Reader<Value>,
  fitsName: (name: string) => boolean = () => true,
  nameDetail = 'is not a possible name',
): Reader<Record<string, Value>> {
  return {
    read: (value, pointer) => {
      if (!isObject(value)) return refused(pointer, 'must be an object');
      const entries = Object.entries(value).filter(([, member]) => member !== undefined);
      return gather(
        entries.map(([name, member]): Result<[string, Value], FieldProblem[]> => {
          const place = `${pointer}/${escapePointer(name)}`;
          if (!isStorable(name) || !fitsName(name)) return refused(place, nameDetail);
          const result = inner.read(member, place);
          return result.ok ? ok([name, result.value]) : result;
        }),
        (pairs) => Object.fromEntries(pairs),
      );
    },
    entry: inner,
  };
}

/** An object of known members; others are refused. */
export function shape<S extends Shape>(fields: S): Reader<Values<S>> {
  const names = Object.keys(fields);
  return {
    read: (value, pointer) => {
      if (!isObject(value)) return refused(pointer, 'must be an object');
      const problems: FieldProblem[] = [];
      const values: Record<string, unknown> = {};
      for (const name of names) {
        const result = fields[name]?.read(value[name], `${pointer}/${name}`);
        if (result?.ok) values[name] = result.value;
        else if (result) problems.push(...result.error);
      }
      for (const name of Object.keys(value)) {
        if (Object.hasOwn(fields, name)) continue;
        const detail = `is not a known property here: remove it or correct its name (known: ${names.join(', ')})`;
        problems.push({ pointer: `${pointer}/${escapePointer(name)}`, detail });
      }
      return problems.length > 0 ? err(problems) : ok(values as Values<S>);
    },
    fields,
  };
}
