import type { FieldProblem } from '../../shared/index.js';
import { type DueAt, parseDue } from '../../suggestions/index.js';
import { TextField, type FieldOptions } from '../http/fields.js';

const FORM = /^\d{4}-\d{2}-\d{2}(T.+)?$/;
const HINT = 'must be a day (2026-11-25) or a time in ISO 8601 with offset (2026-11-25T16:00:00+01:00)';

/** A day, until the end of work where the member is, or an instant. */
export function DueField(options: FieldOptions = {}): PropertyDecorator {
  return TextField({ max: 40, pattern: FORM, hint: HINT, example: '2026-11-25', ...options });
}

/** What was given, and what is wrong with it; days that do not exist (2026-02-30) are found here. */
export function readDue(
  text: string | null | undefined,
  pointer: string,
): { dueAt: DueAt | null; problems: FieldProblem[] } {
  if (text === null || text === undefined) return { dueAt: null, problems: [] };
  const dueAt = parseDue(text);
  return { dueAt, problems: dueAt === null ? [{ pointer, detail: HINT }] : [] };
}
