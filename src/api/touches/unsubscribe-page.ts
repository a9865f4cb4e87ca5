import { htmlPage, pageLanguage } from '../http/html-page.js';

const wordings = {
  en: {
    title: 'Unsubscribe',
    question: 'Do you want no more messages of this kind?',
    button: 'Unsubscribe',
    done: 'You are unsubscribed.',
    after: 'You will get no more messages of this kind from us.',
    unknown: 'This link is not one of ours, or it was cut off.',
    mend: 'Please open it again from the message, as a whole.',
  },
  fa: {
    title: 'لغو اشتراک',
    question: 'آیا نمی‌خواهید دیگر چنین پیام‌هایی دریافت کنید؟',
    button: 'لغو اشتراک',
    done: 'اشتراک شما لغو شد.',
    after: 'دیگر چنین پیام‌هایی از ما دریافت نخواهید کرد.',
    unknown: 'این پیوند از سوی ما نیست یا ناقص است.',
    mend: 'لطفاً پیوند را به‌طور کامل دوباره از پیام باز کنید.',
  },
} as const;

export type UnsubscribeStage = 'ask' | 'done' | 'unknown';

/** What a contact sees who follows the link in a mail. Nothing in it comes from the link. */
export function unsubscribePage(stage: UnsubscribeStage, locale: string | null): string {
  const language = pageLanguage(undefined, locale);
  const words = wordings[language];
  const content = {
    ask:
      `<p>${words.question}</p><form method="post">` +
      `<input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${words.button}</button></form>`,
    done: `<p role="status">${words.done} ${words.after}</p>`,
    unknown: `<p role="alert">${words.unknown} ${words.mend}</p>`,
  }[stage];
  return htmlPage({ language, title: words.title, body: content, short: true });
}
