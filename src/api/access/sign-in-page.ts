/** Words of the sign-in page. */
const words = {
  en: {
    dir: 'ltr',
    title: 'Sign in',
    as: (name: string) => `Sign in as ${name}`,
    operator: 'the operator',
    once: 'This link works once.',
    invalid: 'This link is not valid any more',
    mend: 'It was used before, or its 15 minutes are over. Ask your administrator for a new one:',
  },
  fa: {
    dir: 'rtl',
    title: 'ورود',
    as: (name: string) => `ورود با نام ${name}`,
    operator: 'مدیر سامانه',
    once: 'این پیوند فقط یک بار کار می‌کند.',
    invalid: 'این پیوند دیگر معتبر نیست',
    mend: 'پیش‌تر استفاده شده یا ۱۵ دقیقهٔ آن گذشته است. از مدیر سامانه پیوند تازه‌ای بخواهید:',
  },
} as const;
export type PageLanguage = keyof typeof words;

/** The language that a browser asks for first, of those we have. */
export function pageLanguage(acceptLanguage: string | undefined): PageLanguage {
  return /^\s*fa\b/i.test(acceptLanguage ?? '') ? 'fa' : 'en';
}

/** A page with one button, so that whatever only looks at a link does not use it up. */
export function signInPage(language: PageLanguage, name: string | null, token: string): string {
  const text = words[language];
  return page(
    language,
    text.title,
    `<form method="post" action="/sign-in"><input type="hidden" name="token" value="${escaped(token)}">
<button>${escaped(text.as(name ?? text.operator))}</button></form><p>${text.once}</p>`,
  );
}

export function invalidLinkPage(language: PageLanguage): string {
  const text = words[language];
  return page(language, text.invalid, `<p>${text.mend}</p><pre dir="ltr">npm run nba -- sign-in-link</pre>`);
}

function page(language: PageLanguage, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}" dir="${words[language].dir}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>
:root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }
body { display: grid; place-content: center; min-height: 90vh; margin: 0 1rem; text-align: center; }
button { font: inherit; padding: .7rem 1.6rem; border: 0; border-radius: .5rem; background: #1d4ed8; color: #fff; cursor: pointer; }
button:focus-visible { outline: 3px solid #93c5fd; outline-offset: 2px; }
</style></head>
<body><main><h1>${title}</h1>
${body}</main></body></html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
