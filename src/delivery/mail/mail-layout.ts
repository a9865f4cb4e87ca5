/** Languages that are written from right to left. */
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur', 'ps', 'ckb']);

const wordings = {
  en: {
    unsubscribe: 'Unsubscribe',
    manage: 'Manage what you get',
    why: 'You get this because you agreed to hear from us.',
  },
  fa: {
    unsubscribe: 'لغو اشتراک',
    manage: 'انتخاب آنچه دریافت می‌کنید',
    why: 'این پیام را دریافت می‌کنید چون با دریافت پیام از ما موافقت کرده‌اید.',
  },
} as const;

/** What a mail says, in one language (BCP 47); plain text, paragraphs apart by empty lines. */
export interface MailContent {
  title: string;
  body: string;
  language: string;
  /** Where the contact can say no to more of it; null: not a mail to customers. */
  unsubscribeUrl: string | null;
  /** Where the contact can choose what she gets. */
  preferencesUrl?: string | null;
}

export function textOf({ title, body, language, unsubscribeUrl, preferencesUrl }: MailContent): string {
  const words = wordingIn(language);
  const manage = preferencesUrl ? [`${words.manage}: ${preferencesUrl}`] : [];
  const footer =
    unsubscribeUrl === null ? [] : ['-- ', words.why, ...manage, `${words.unsubscribe}: ${unsubscribeUrl}`];
  return [title, '', body.trim(), ...(footer.length > 0 ? ['', ...footer] : []), ''].join('\n');
}

/** One column, no pictures, no style sheet: what every mail program shows alike. Nothing of the content is markup. */
export function htmlOf({ title, body, language, unsubscribeUrl, preferencesUrl }: MailContent): string {
  const direction = RIGHT_TO_LEFT.has(languageOf(language)) ? 'rtl' : 'ltr';
  const words = wordingIn(language);
  const paragraphs = body
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => `<p style="margin:0 0 1em">${linked(paragraph).replaceAll('\n', '<br>\n')}</p>`);
  const manage = preferencesUrl
    ? `<a href="${escaped(preferencesUrl)}" style="color:#555">${escaped(words.manage)}</a> · `
    : '';
  const footer =
    unsubscribeUrl === null
      ? ''
      : `<p style="margin:2em 0 0;padding-top:1em;border-top:1px solid #ddd;color:#555;font-size:13px">` +
        `${escaped(words.why)} ${manage}<a href="${escaped(unsubscribeUrl)}" style="color:#555">${escaped(words.unsubscribe)}</a></p>`;
  return `<!doctype html>
<html lang="${escaped(language)}" dir="${direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title></head>
<body style="margin:0;background:#fff;color:#1a1a1a">
<div style="max-width:600px;margin:0 auto;padding:24px;font:16px/1.5 system-ui,sans-serif" dir="${direction}">
<h1 style="font-size:22px;line-height:1.3;margin:0 0 1em">${escaped(title)}</h1>
${paragraphs.join('\n')}
${footer}
</div>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Addresses of the web in a text, without the full stop or bracket that ends the sentence. */
const LINK = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g;

function linked(text: string): string {
  let html = '';
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    const [link] = found;
    html += `${escaped(text.slice(end, found.index))}<a href="${escaped(link)}">${escaped(link)}</a>`;
    end = found.index + link.length;
  }
  return html + escaped(text.slice(end));
}

/** The same text whose links carry the touch, so that whoever is called by one can say which touch led there. */
export function withTouchInLinks(text: string, touchId: string): string {
  return text.replace(LINK, (link) => {
    if (!URL.canParse(link)) return link;
    const url = new URL(link);
    url.searchParams.set('touchId', touchId);
    return url.href;
  });
}

function languageOf(tag: string): string {
  return tag.split('-')[0]?.toLowerCase() ?? '';
}

function wordingIn(language: string): (typeof wordings)[keyof typeof wordings] {
  return languageOf(language) === 'fa' ? wordings.fa : wordings.en;
}
