import { err, type FieldProblem, ok } from '../../shared/index.js';
import type { Attributes, AttributeSchema, AttributeSpec, AttributeValue } from '../account.js';
import {
  escapePointer,
  isStorable,
  list,
  map,
  oneOf,
  optional,
  type Reader,
  shape,
  text,
  truth,
} from './reader.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const TEXT_MAX = 2000;

const attributeValue: Reader<AttributeValue> = {
  read: (value, pointer) => {
    if (value === null || typeof value === 'boolean') return ok(value);
    if (typeof value === 'number' && Number.isFinite(value)) return ok(value);
    if (typeof value === 'string' && value.length <= TEXT_MAX && isStorable(value)) return ok(value);
    return err([
      { pointer, detail: `must be a text of at most ${TEXT_MAX} characters, a number, true, false or null` },
    ]);
  },
  cell: (cell) => cell,
};

/** Attributes of an account or contact, not yet held against their schema. */
export function attributes(): Reader<Attributes> {
  return map(
    attributeValue,
    (name) => name.length >= 1 && name.length <= 100,
    'must have 1 to 100 characters',
  );
}

const spec = shape({
  type: oneOf(['string', 'number', 'boolean', 'date']),
  values: optional(list(text(), 1000)),
  personal: optional(truth()),
});

const attributeSpec: Reader<AttributeSpec> = {
  ...spec,
  read: (value, pointer) => {
    const result = spec.read(value, pointer);
    if (!result.ok) return result;
    const { type, values, personal } = result.value;
    if (values && type !== 'string')
      return err([
        { pointer: `${pointer}/values`, detail: 'only an attribute of type string can have values' },
      ]);
    return ok({ type, ...(values ? { values } : {}), ...(personal === null ? {} : { personal }) });
  },
};

export function attributeSchema(): Reader<AttributeSchema> {
  return map(
    attributeSpec,
    (name) => NAME.test(name),
    'must be a name that an expression can use: letters, digits and _, not starting with a digit',
  );
}

const CALENDAR_DATE = /^\d{4}-\d{2}-\d{2}([T ].*)?$/;

const fits: Record<AttributeSpec['type'], (value: AttributeValue) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => typeof value === 'string' && CALENDAR_DATE.test(value) && !Number.isNaN(Date.parse(value)),
};

const detailOf: Record<AttributeSpec['type'], string> = {
  string: 'must be a text',
  number: 'must be a number',
  boolean: 'must be true or false',
  date: 'must be a date such as 2026-11-22',
};

/** Holds attributes against their schema. What the schema does not name may be anything; null is always possible. */
export function attributeProblems(attributes: Attributes, schema: AttributeSchema): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [name, { type, values }] of Object.entries(schema)) {
    const value = attributes[name];
    if (value === undefined || value === null) continue;
    const pointer = `/attributes/${escapePointer(name)}`;
    if (!fits[type](value)) problems.push({ pointer, detail: `${detailOf[type]} (by the attribute schema)` });
    else if (values && !values.includes(String(value)))
      problems.push({ pointer, detail: `must be one of ${values.join(', ')} (by the attribute schema)` });
  }
  return problems;
}

/** Attributes from CSV cells: a text becomes what the schema says it is; what does not fit stays text, to be refused. */
export function attributesFromCells(attributes: Attributes, schema: AttributeSchema): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, fromCell(value, schema[name]?.type)]),
  );
}

function fromCell(value: AttributeValue, type: AttributeSpec['type'] | undefined): AttributeValue {
  if (typeof value !== 'string') return value;
  if (type === 'number' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
