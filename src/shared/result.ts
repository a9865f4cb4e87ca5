/** An expected refusal is a value; broken machinery throws. */
export type Result<Value, Refusal> = { ok: true; value: Value } | { ok: false; error: Refusal };

export function ok<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

export function err<Refusal>(error: Refusal): { ok: false; error: Refusal } {
  return { ok: false, error };
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One field that is wrong: a JSON pointer (RFC 6901) to it and how to mend it. */
export interface FieldProblem {
  pointer: string;
  detail: string;
}
