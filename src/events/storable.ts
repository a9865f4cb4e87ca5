import type { Json } from '../shared/index.js';

/** In JSON text, whether escaped or doubly escaped: a null character or half of a surrogate pair. */
const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;
const UNSTORABLE_CHARACTER = /\0|\p{Surrogate}/gu;

/** Whether PostgreSQL might refuse this JSON text as jsonb. */
export function mayBeUnstorable(json: string): boolean {
  return UNSTORABLE.test(json);
}

/** The value with every character that PostgreSQL cannot hold replaced by U+FFFD. */
export function storable<Value extends Json | undefined>(value: Value): Value {
  return clean(value) as Value;
}

function clean(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map((each) => clean(each) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [cleanText(key), clean(member) ?? null]),
  );
}

const cleanText = (text: string): string => text.replace(UNSTORABLE_CHARACTER, '\ufffd');
