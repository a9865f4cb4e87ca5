import { escaped, htmlPage, type PageLanguage } from '../http/html-page.js';

/** Words of the sign-in page. */
const words = {
  en: {
    title: 'Sign in',
    as: (name: string) => `Sign in as ${name}`,
    operator: 'the operator',
    once: 'This link works once.',
    invalid: 'This link is not valid any more',
    mend: 'It was used before, or its 15 minutes are over. Ask your administrator for a new one:',
  },
  fa: {
    title: 'ورود',
    as: (name: string) => `ورود با نام ${name}`,
    operator: 'مدیر سامانه',
    once: 'این پیوند فقط یک بار کار می‌کند.',
    invalid: 'این پیوند دیگر معتبر نیست',
    mend: 'پیش‌تر استفاده شده یا ۱۵ دقیقهٔ آن گذشته است. از مدیر سامانه پیوند تازه‌ای بخواهید:',
  },
} as const;

/** A page with one button, so that whatever only looks at a link does not use it up. */
export function signInPage(language: PageLanguage, name: string | null, token: string): string {
  const text = words[language];
  const body = `<form method="post" action="/sign-in"><input type="hidden" name="token" value="${escaped(token)}">
<button>${escaped(text.as(name ?? text.operator))}</button></form><p>${text.once}</p>`;
  return htmlPage({ language, title: text.title, body, short: true });
}

export function invalidLinkPage(language: PageLanguage): string {
  const text = words[language];
  const body = `<p>${text.mend}</p><pre dir="ltr">npm run nba -- sign-in-link</pre>`;
  return htmlPage({ language, title: text.invalid, body, short: true });
}
