import { err, ok, type Result } from '../shared/index.js';

/**
 * What the words of a treatment may name between braces: `{contact.name}`, or with words for where it is not known,
 * `{contact.name|friend}`.
 */
export const placeholders = [
  'contact.name',
  'account.name',
  'product.name',
  'product.price',
  'content.title',
  'content.url',
] as const;
export type Placeholder = (typeof placeholders)[number];

/** What each stands for; null or left out: not known. */
export type PlaceholderValues = Readonly<Partial<Record<Placeholder, string | null>>>;

/** Two words with a dot between them, in braces; any other brace is text. */
const NAMED = /\{([A-Za-z]+\.[A-Za-z.]+)(?:\|([^{}]*))?\}/g;

/** Names between braces that stand for nothing. */
export function unknownPlaceholders(text: string): string[] {
  const named = [...text.matchAll(NAMED)].map(([, name = '']) => name);
  return [...new Set(named)].filter((name) => !isPlaceholder(name));
}

/** The text with every placeholder filled; or the names that are unknown here and have no words in their stead. */
export function fillPlaceholders(text: string, values: PlaceholderValues): Result<string, string[]> {
  const missing = new Set<string>();
  const filled = text.replace(NAMED, (_, name: string, instead: string | undefined) => {
    const value = isPlaceholder(name) ? values[name] : undefined;
    if (value !== undefined && value !== null && value !== '') return value;
    if (instead === undefined) missing.add(name);
    return instead ?? '';
  });
  return missing.size === 0 ? ok(filled) : err([...missing]);
}

function isPlaceholder(name: string): name is Placeholder {
  return placeholders.some((known) => known === name);
}
