import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** The languages of our own pages. */
export const pageLanguages = ['en', 'fa'] as const;
export type PageLanguage = (typeof pageLanguages)[number];

const STYLE = `
:root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }
body { margin: 0 auto; padding: 8vh 1rem 4rem; max-width: 38rem; }
body.short { padding-block: 18vh 4rem; text-align: center; }
h1 { line-height: 1.3; }
fieldset { margin: 0 0 1.2rem; padding: .8rem 1rem; border: 1px solid #8888; border-radius: .5rem; }
legend { padding: 0 .4rem; font-weight: 600; }
label { display: block; padding: .2rem 0; }
input[type=checkbox] { inline-size: 1.15rem; block-size: 1.15rem; margin-inline-end: .5rem; vertical-align: -.2rem; }
select { font: inherit; padding: .3rem .5rem; }
button { font: inherit; padding: .7rem 1.6rem; border: 0; border-radius: .5rem; background: #1d4ed8; color: #fff; cursor: pointer; }
button.stop { background: #b91c1c; }
:focus-visible { outline: 3px solid #60a5fa; outline-offset: 2px; }
.told { margin: 0 0 1.5rem; padding: .2rem 1rem; border-inline-start: 4px solid #15803d; background: #15803d1a; }
.wrong { border-color: #b91c1c; background: #b91c1c1a; }
small { opacity: .85; }
fieldset p { margin: 0 0 .4rem; }
`;

/** What our pages may load: nothing but the one style above; they need no script. */
export const PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  `form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

export interface HtmlPage {
  language: PageLanguage;
  /** Text. */
  title: string;
  /** Markup: all that is not our own must be `escaped`. */
  body: string;
  /** A question or a notice, in the middle of the page. */
  short?: boolean;
}

/** A whole page, from right to left in Persian. */
export function htmlPage({ language, title, body, short = false }: HtmlPage): string {
  return `<!doctype html>
<html lang="${language}" dir="${language === 'fa' ? 'rtl' : 'ltr'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escaped(title)}</title><style>${STYLE}</style></head>
<body${short ? ' class="short"' : ''}><main><h1>${escaped(title)}</h1>
${body}</main></body></html>
`;
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The language that a browser asks for first, else the one in which a contact is written to (BCP 47), of those we have. */
export function pageLanguage(acceptLanguage: string | undefined, locale: string | null = null): PageLanguage {
  const isPersian = /^\s*fa\b/i.test(acceptLanguage ?? '') || /^fa\b/i.test(locale ?? '');
  return isPersian ? 'fa' : 'en';
}

/** Sends a page whose address is a secret: it is kept nowhere, and told to nobody. */
export function sendPage(
  reply: FastifyReply,
  status: number,
  page: string,
  referrerPolicy: 'no-referrer' | 'same-origin' = 'no-referrer',
): void {
  reply
    .status(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
      'cache-control': 'no-store',
      'referrer-policy': referrerPolicy,
    })
    .send(page);
}
