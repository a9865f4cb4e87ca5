import type { AccountId, AttributeSchema, AttributeSpec } from '../../catalogue/index.js';
import { type Json, type JsonObject, type Transaction } from '../../shared/index.js';
import { parseTime } from '../parsing.js';

export type TraitKind = 'account' | 'contact';

/** One statement about one attribute; the newest by occurredAt holds. */
export interface TraitWrite {
  recordId: string;
  trait: string;
  value: Json;
  occurredAt: Date;
  /** A public write key completes stubs only. */
  stubsOnly: boolean;
}

/** Attributes of accounts and contacts that identify and group calls told. */
export abstract class TraitStore {
  /**
   * Writes what is newer than what was told before. Gives the accounts in which somebody's time zone changed: the
   * hours in their features must be counted anew. The accounts must be locked.
   */
  abstract write(kind: TraitKind, writes: readonly TraitWrite[], within: Transaction): Promise<AccountId[]>;
}

const spellings: Readonly<Record<string, string>> = {
  timezone: 'timeZone',
  time_zone: 'timeZone',
  fullName: 'name',
};
const standardOf: Readonly<Record<TraitKind, ReadonlySet<string>>> = {
  account: new Set(['name', 'timeZone', 'locale']),
  contact: new Set(['name', 'email', 'phone', 'timeZone', 'locale']),
};
const TEXT_MAX = 500;

export function isStandardTrait(kind: TraitKind, trait: string): boolean {
  return standardOf[kind].has(trait);
}

/** The traits that the product keeps: the standard ones, and those that the schema declares, where the value fits. */
export function keptTraits(kind: TraitKind, traits: JsonObject, schema: AttributeSchema): [string, Json][] {
  const kept: [string, Json][] = [];
  const all = { ...fullName(traits), ...traits };
  for (const [given, value] of Object.entries(all)) {
    const trait = spellings[given] ?? given;
    if (isStandardTrait(kind, trait)) {
      if (fitsStandard(trait, value)) kept.push([trait, value]);
      continue;
    }
    const spec = Object.hasOwn(schema, trait) ? schema[trait] : undefined;
    if (spec && fits(value, spec)) kept.push([trait, value]);
  }
  return kept;
}

function fullName({ firstName, lastName }: JsonObject): JsonObject {
  const parts = [firstName, lastName].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? {} : { name: parts.join(' ') };
}

function fitsStandard(trait: string, value: Json): boolean {
  if (typeof value !== 'string' || value === '' || value.length > TEXT_MAX) return false;
  return trait !== 'timeZone' || isTimeZone(value);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}

function fits(value: Json, spec: AttributeSpec): boolean {
  if (spec.type === 'date') return parseTime(value, true) !== null;
  if (typeof value !== spec.type) return false;
  if (typeof value === 'string' && value.length > TEXT_MAX) return false;
  return spec.values === undefined || spec.values.includes(String(value));
}

/** The newest write of each trait of each record; at the same instant the larger value, so that order cannot matter. */
export function newestWrites(writes: readonly TraitWrite[]): TraitWrite[] {
  const newest = new Map<string, TraitWrite>();
  for (const write of writes) {
    const key = JSON.stringify([write.recordId, write.trait]);
    const known = newest.get(key);
    if (!known || isNewer(write, known)) newest.set(key, write);
  }
  return [...newest.values()];
}

function isNewer(a: TraitWrite, b: TraitWrite): boolean {
  const later = a.occurredAt.getTime() - b.occurredAt.getTime();
  return later === 0 ? JSON.stringify(a.value) > JSON.stringify(b.value) : later > 0;
}
