import type { ClosingReason, ClosingWords } from '../closing.js';
import { standing, type Suggestion } from '../suggestion.js';
import { closingInEnglish } from './closing.en.js';
import { closingInPersian } from './closing.fa.js';

const languages: Readonly<Record<string, ClosingWords>> = { en: closingInEnglish, fa: closingInPersian };

/** Why a suggestion was closed, in the language of a locale (BCP 47); English where there is none. */
export function wordClosing(reason: ClosingReason, locale: string | null = null): string {
  const words = languages[locale?.split('-')[0]?.toLowerCase() ?? 'en'] ?? closingInEnglish;
  return (words[reason.code] as (args: ClosingReason['args']) => string)(reason.args);
}

/** What a list says of a suggestion that no longer stands; null of one that does. */
export function becauseIn(
  { state, because, closing }: Pick<Suggestion, 'state' | 'because' | 'closing'>,
  locale: string | null,
): string | null {
  if (standing.includes(state)) return null;
  return closing ? wordClosing(closing, locale) : because;
}
