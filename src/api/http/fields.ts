import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDate,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { ID_MAX_LENGTH } from '../../shared/index.js';

/** What every field may say of itself. */
export interface FieldOptions {
  description?: string;
  example?: unknown;
  /** May be left out. */
  optional?: boolean;
  /** May be null. */
  nullable?: boolean;
  default?: unknown;
}

/** One decorator a kind of field: it validates, words the mending, and describes itself in the OpenAPI document. */
function field(
  options: FieldOptions,
  api: ApiPropertyOptions,
  ...checks: PropertyDecorator[]
): PropertyDecorator {
  const described = {
    ...api,
    description: options.description,
    example: options.example,
    nullable: options.nullable,
    default: options.default,
  };
  const property = options.optional
    ? ApiPropertyOptional(described as ApiPropertyOptions)
    : ApiProperty(described as ApiPropertyOptions);
  const skip = ValidateIf(
    (_, value: unknown) =>
      !((options.optional && value === undefined) || (options.nullable && value === null)),
  );
  return applyDecorators(property, skip, ...checks);
}

export function IdField(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: String, minLength: 1, maxLength: ID_MAX_LENGTH },
    IsString({ message: 'must be a text (your own id)' }),
    Length(1, ID_MAX_LENGTH, { message: `must have 1 to ${ID_MAX_LENGTH} characters` }),
    // oxlint-disable-next-line no-control-regex -- control characters are what is being refused
    Matches(/^[^\u0000-\u001f\u007f]*$/, { message: 'must not contain control characters' }),
  );
}

export function IdListField(options: FieldOptions & { max?: number } = {}): PropertyDecorator {
  const max = options.max ?? 1000;
  return field(
    options,
    { type: [String], maxItems: max },
    IsArray({ message: 'must be a list of ids' }),
    ArrayMaxSize(max, { message: `must have at most ${max} entries` }),
    Length(1, ID_MAX_LENGTH, {
      each: true,
      message: `each id must be a text of 1 to ${ID_MAX_LENGTH} characters`,
    }),
  );
}

export function TextField(
  options: FieldOptions & { max?: number; min?: number; pattern?: RegExp; hint?: string } = {},
): PropertyDecorator {
  const { min = 0, max = 2000, pattern, hint } = options;
  const checks = [
    IsString({ message: hint ?? 'must be a text' }),
    Length(min, max, { message: `must have ${min} to ${max} characters` }),
  ];
  if (pattern) checks.push(Matches(pattern, { message: hint ?? `must match ${pattern.source}` }));
  return field(
    options,
    { type: String, minLength: min, maxLength: max, ...(pattern ? { pattern: pattern.source } : {}) },
    ...checks,
  );
}

export function TextListField(
  options: FieldOptions & { max?: number; values?: readonly string[] } = {},
): PropertyDecorator {
  const { max = 100, values } = options;
  const checks = [
    IsArray({ message: 'must be a list of texts' }),
    ArrayMaxSize(max, { message: `must have at most ${max} entries` }),
    Length(1, 200, { each: true, message: 'each entry must be a text of 1 to 200 characters' }),
  ];
  if (values)
    checks.push(IsIn([...values], { each: true, message: `each entry must be one of ${values.join(', ')}` }));
  return field(
    options,
    { type: [String], maxItems: max, ...(values ? { enum: [...values], isArray: true } : {}) },
    ...checks,
  );
}

export function ChoiceField(choices: readonly string[], options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { enum: [...choices] },
    IsIn([...choices], { message: `must be one of ${choices.join(', ')}` }),
  );
}

export function NumberField(
  options: FieldOptions & { min?: number; max?: number; whole?: boolean } = {},
): PropertyDecorator {
  const { min, max, whole } = options;
  const kind = whole ? 'a whole number' : 'a number';
  const range =
    min !== undefined && max !== undefined
      ? ` from ${min} to ${max}`
      : min !== undefined
        ? ` of at least ${min}`
        : max !== undefined
          ? ` of at most ${max}`
          : '';
  const message = { message: `must be ${kind}${range}` };
  const checks = [whole ? IsInt(message) : IsNumber({ allowNaN: false, allowInfinity: false }, message)];
  if (min !== undefined) checks.push(Min(min, message));
  if (max !== undefined) checks.push(Max(max, message));
  return field(
    options,
    { type: whole ? 'integer' : 'number', minimum: min, maximum: max } as ApiPropertyOptions,
    ...checks,
  );
}

/** A number in a query string. */
export function QueryNumberField(
  options: FieldOptions & { min?: number; max?: number; whole?: boolean } = {},
): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && value.trim() !== '' ? Number(value) : value,
    ),
    NumberField(options),
  );
}

export function BooleanField(options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: Boolean }, IsBoolean({ message: 'must be true or false' }));
}

/** A yes or no in a query string. */
export function QueryBooleanField(options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      value === 'true' ? true : value === 'false' ? false : value,
    ),
    BooleanField(options),
  );
}

const ISO_WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** ISO 8601 with offset, given as a Date. */
export function TimeField(options: FieldOptions = {}): PropertyDecorator {
  const message = 'must be a time in ISO 8601 with offset, such as 2026-11-22T09:30:00+01:00';
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (ISO_WITH_OFFSET.test(value) ? new Date(value) : new Date(NaN)) : value,
    ),
    field(options, { type: String, format: 'date-time' }, IsDate({ message })),
  );
}

export function ObjectField(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'object', additionalProperties: true },
    IsObject({ message: 'must be an object' }),
  );
}

type Constructor = new () => object;

/** Swagger knows a class named later only by a function that is called `type`. */
function lazily(shape: () => Constructor): () => Constructor {
  const type = () => shape();
  return type;
}

/** An object of a DTO class of its own. */
export function NestedField(shape: () => Constructor, options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: lazily(shape) },
    IsObject({ message: 'must be an object' }),
    ValidateNested(),
    Type(shape),
  );
}

/** A list of objects of a DTO class. */
export function NestedListField(
  shape: () => Constructor,
  options: FieldOptions & { max?: number } = {},
): PropertyDecorator {
  const max = options.max ?? 1000;
  return field(
    options,
    { type: lazily(shape), isArray: true, maxItems: max },
    IsArray({ message: 'must be a list' }),
    ArrayMaxSize(max, { message: `must have at most ${max} entries` }),
    ValidateNested({ each: true }),
    Type(shape),
  );
}
