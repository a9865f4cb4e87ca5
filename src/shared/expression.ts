import { Environment } from '@marcbachmann/cel-js';
import { err, ok, type Result } from './result.js';

/** Types of the Common Expression Language that our contexts use; an object is a nested message with known fields. */
export type ExpressionType =
  | 'string'
  | 'double'
  | 'bool'
  | 'timestamp'
  | 'map'
  | 'list<string>'
  | 'map<string, double>'
  | ExpressionShape;
export interface ExpressionShape {
  [field: string]: ExpressionType;
}

/** What an expression may name, and what its variables look like. */
export type ExpressionContext = Record<string, ExpressionType>;

export type ExpressionReturns = 'bool' | 'double';

/** A compiled expression. `evaluate` throws `ExpressionFailed` when a value is missing or of another type than declared. */
export interface Expression<Value> {
  readonly source: string;
  evaluate(values: Record<string, unknown>): Value;
}

export class ExpressionFailed extends Error {}

interface Values {
  bool: boolean;
  double: number;
}

/**
 * Compiles a CEL expression and checks its types against the context. The error is one sentence of what is wrong, as
 * the checker says it, with the names that may be used.
 */
export function compileExpression<Returns extends ExpressionReturns>(
  source: string,
  context: ExpressionContext,
  returns: Returns,
): Result<Expression<Values[Returns]>, string> {
  const environment = environmentFor(context);
  const checked = environment.check(source);
  if (!checked.valid) return err(describe(checked.error, context));
  const type = String(checked.type);
  const fits =
    returns === 'bool' ? type === 'bool' || type === 'dyn' : ['double', 'int', 'dyn'].includes(type);
  if (!fits)
    return err(
      `the expression gives ${type}, but ${returns === 'bool' ? 'true or false' : 'a number'} is needed`,
    );
  const run = environment.parse(source);
  const evaluate = (values: Record<string, unknown>): Values[Returns] => {
    let value: unknown;
    try {
      value = run(values);
    } catch (cause) {
      throw new ExpressionFailed(firstLine(cause), { cause });
    }
    if (returns === 'double' && (typeof value === 'number' || typeof value === 'bigint')) {
      return Number(value) as Values[Returns];
    }
    if (returns === 'bool' && typeof value === 'boolean') return value as Values[Returns];
    throw new ExpressionFailed(`gave ${typeof value}, but ${returns} is needed`);
  };
  return ok({ source, evaluate });
}

const environments = new Map<string, Environment>();
const ENVIRONMENTS_KEPT = 64;

function environmentFor(context: ExpressionContext): Environment {
  const key = JSON.stringify(context);
  const known = environments.get(key);
  if (known) return known;
  const environment = new Environment();
  for (const [name, type] of Object.entries(context)) {
    if (typeof type === 'string') environment.registerVariable(name, celName(type));
    else
      environment.registerVariable({
        name,
        schema: celShape(type) as Parameters<Environment['registerVariable']>[0] extends { schema: infer S }
          ? S
          : never,
      });
  }
  if (environments.size >= ENVIRONMENTS_KEPT) environments.clear();
  environments.set(key, environment);
  return environment;
}

type CelShape = { [field: string]: string | CelShape };

function celShape(shape: ExpressionShape): CelShape {
  return Object.fromEntries(
    Object.entries(shape).map(([field, type]) => [
      field,
      typeof type === 'string' ? celName(type) : celShape(type),
    ]),
  );
}

function celName(type: string): string {
  return type === 'timestamp' ? 'google.protobuf.Timestamp' : type;
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? 'unknown error';
}

function describe(cause: unknown, context: ExpressionContext): string {
  return `${firstLine(cause)}. The expression may use: ${Object.keys(context).join(', ')}`;
}
