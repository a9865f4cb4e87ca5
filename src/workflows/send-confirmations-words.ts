import type { ConsentFact } from '../consent/index.js';
import { CONFIRMATION_DAYS } from '../consent/index.js';
import { htmlOf, type Mail, textOf } from '../delivery/index.js';

const wordings = {
  en: {
    title: 'Please confirm that you want to hear from us',
    greeting: (name: string | null) => (name === null ? 'Hello,' : `Hello ${name},`),
    asked: 'somebody, we hope it was you, asked us to send messages to this address:',
    plain: 'We may send you messages by e-mail.',
    please: 'If it was you, open this page and press its button:',
    ends: `The link holds for ${CONFIRMATION_DAYS} days. If it was not you, do nothing: we will not write to you.`,
  },
  fa: {
    title: 'لطفاً تأیید کنید که می‌خواهید از ما پیام دریافت کنید',
    greeting: (name: string | null) => (name === null ? 'سلام،' : `سلام ${name}،`),
    asked: 'کسی، که امیدواریم خود شما باشید، از ما خواسته است به این نشانی پیام بفرستیم:',
    plain: 'می‌توانید برای من با ایمیل پیام بفرستید.',
    please: 'اگر شما بوده‌اید، این صفحه را باز کنید و دکمهٔ آن را بزنید:',
    ends: `این پیوند ${CONFIRMATION_DAYS.toLocaleString('fa')} روز اعتبار دارد. اگر شما نبوده‌اید، کاری نکنید: برای شما پیامی نمی‌فرستیم.`,
  },
} as const;

/** The mail that asks for a confirmation, in her language as far as we have it. It sells nothing. */
export function confirmationMail(
  consentId: string,
  person: { name: string | null; email: string; locale: string | null },
  pending: Pick<ConsentFact, 'wording'>,
  url: string,
): Mail {
  const language = person.locale?.toLowerCase().split('-')[0] === 'fa' ? 'fa' : 'en';
  const words = wordings[language];
  const body = [
    `${words.greeting(person.name)}\n${words.asked}`,
    `“${pending.wording ?? words.plain}”`,
    `${words.please}\n${url}`,
    words.ends,
  ].join('\n\n');
  const content = { title: words.title, body, language, unsubscribeUrl: null };
  return {
    mailId: `confirmation-${consentId}`,
    to: { name: person.name ?? '', address: person.email },
    subject: words.title,
    text: textOf(content),
    html: htmlOf(content),
    language,
  };
}
