import { htmlPage, pageLanguage } from '../http/html-page.js';

const wordings = {
  en: {
    title: 'Digest by e-mail',
    question: 'Do you want no more digests?',
    button: 'Switch it off',
    done: 'It is switched off. You can switch it on again in your desk, under Settings.',
    unknown:
      'This link is not one of ours, or it was cut off. Please open it again from the mail, as a whole.',
  },
  fa: {
    title: 'خلاصه با ایمیل',
    question: 'آیا دیگر خلاصه نمی‌خواهید؟',
    button: 'خاموش کردن',
    done: 'خاموش شد. می‌توانید آن را در میز کار خود، در بخش تنظیمات، دوباره روشن کنید.',
    unknown: 'این پیوند از سوی ما نیست یا ناقص است. لطفاً آن را به‌طور کامل دوباره از ایمیل باز کنید.',
  },
} as const;

/** What a member sees who follows the link in her digest. Nothing in it comes from the link. */
export function digestOffPage(stage: 'ask' | 'done' | 'unknown', locale: string | null): string {
  const language = pageLanguage(undefined, locale);
  const words = wordings[language];
  const body = {
    ask:
      `<p>${words.question}</p><form method="post">` +
      `<input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${words.button}</button></form>`,
    done: `<p role="status">${words.done}</p>`,
    unknown: `<p role="alert">${words.unknown}</p>`,
  }[stage];
  return htmlPage({ language, title: words.title, body, short: true });
}
