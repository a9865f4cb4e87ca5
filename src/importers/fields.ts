import { isId } from '../shared/index.js';
import { BadRow } from './failure.js';

/** Readers of single fields of a row; each throws `BadRow` with the field's name and what was expected. */

export function idField(name: string, value: unknown): string {
  if (!isId(value)) throw new BadRow(`"${name}" must be text of 1–128 characters, not ${shown(value)}`);
  return value;
}

export function numberField(name: string, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw new BadRow(`"${name}" must be a number, not ${shown(value)}`);
  }
  return number;
}

export function wholeField(name: string, value: unknown, low: number): number {
  const number = numberField(name, value);
  if (!Number.isInteger(number) || number < low) {
    throw new BadRow(`"${name}" must be a whole number from ${low}, not ${shown(value)}`);
  }
  return number;
}

export function choiceField<const Choice extends string>(
  name: string,
  value: unknown,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((known) => known === value);
  if (choice === undefined) {
    throw new BadRow(`"${name}" must be one of ${choices.join(', ')}, not ${shown(value)}`);
  }
  return choice;
}

/** `20170212`, `2017-02-12`: the calendar day as ISO text. */
export function dayField(name: string, value: unknown): string {
  const found = typeof value === 'string' ? /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(value) : null;
  const day = found ? `${found[1]}-${found[2]}-${found[3]}` : '';
  if (!isDay(day)) throw new BadRow(`"${name}" must be a day such as 20170212, not ${shown(value)}`);
  return day;
}

/** Text that ISO 8601 reads as an instant once `toIso` has rearranged it. */
export function timeField(name: string, value: unknown, toIso: (text: string) => string): Date {
  const at = new Date(typeof value === 'string' ? toIso(value) : Number.NaN);
  if (Number.isNaN(at.getTime())) throw new BadRow(`"${name}" must be a time, not ${shown(value)}`);
  return at;
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
