import { escaped, htmlPage, type PageLanguage } from '../http/html-page.js';
import { preferenceWords } from './preferences-wording.js';

/** What stands in the way of a confirmation, or what came of it. */
export type ConfirmStage = 'ask' | 'confirmed' | 'refused-since' | 'lapsed' | 'unknown';

/** Asks with a button, so that whatever only looks at a link confirms nothing. `wording` is what was agreed to. */
export function confirmPage(language: PageLanguage, stage: ConfirmStage, wording: string | null): string {
  const words = preferenceWords[language];
  const quote = wording === null ? '' : `<blockquote dir="auto">${escaped(wording)}</blockquote>`;
  const body = {
    ask: `<p>${words.confirmQuestion}</p>${quote}<form method="post"><button>${words.confirmButton}</button></form>`,
    confirmed: `<p role="status">${words.confirmed}</p>`,
    'refused-since': `<p role="alert">${words.refusedSince}</p>`,
    lapsed: `<p role="alert">${words.lapsed}</p>`,
    unknown: `<p role="alert">${words.unknown} ${words.mend}</p>`,
  }[stage];
  return htmlPage({ language, title: words.confirmTitle, body, short: true });
}
