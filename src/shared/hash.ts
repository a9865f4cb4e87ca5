import { hash } from 'node:crypto';

/** Hexadecimal SHA-256 of a text. Never asked for as bytes, which would have memory of their own and cost twice as much. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** Stable in [0, 1): the same text gives the same number on every machine. */
export function unitHash(text: string): number {
  return Number.parseInt(sha256(text).slice(0, 8), 16) / 2 ** 32;
}

/** Text of a JSON value with keys in order, so that equal values give equal texts. Undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value instanceof Date) return JSON.stringify(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 of the canonical JSON of a value: the version of a thing that is data. */
export function digest(value: unknown): string {
  return sha256(canonicalJson(value));
}
