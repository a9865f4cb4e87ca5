import type { MessageCatalogue, Sentence } from './wording.js';

/** Persian has the plural categories one and other; a counted noun stays singular. */
const times = ({ number }: Sentence) => `${number} بار`;
const when = ({ count, last }: Sentence) => (count === 1 ? `در ${last}` : `آخرین بار در ${last}`);

export const persian: MessageCatalogue = {
  locale: 'fa-IR-u-ca-persian',
  events: {
    'Page Viewed': 'بازدید صفحه',
    'Content Viewed': 'خواندن محتوا',
    'Product Viewed': 'دیدن محصول',
    'Product Added': 'افزودن محصول به سبد',
    'Question Asked': 'پرسش',
    'Form Submitted': 'ارسال فرم',
    'Email Opened': 'باز کردن ایمیل',
    'Email Link Clicked': 'کلیک در ایمیل',
    'Email Replied': 'پاسخ به ایمیل',
    'Order Completed': 'سفارش',
    'Visit Logged': 'ملاقات',
    'Call Logged': 'تماس تلفنی',
    'Email Sent': 'ایمیل',
  },
  reasons: {
    'topic-interest': (s) => `${times(s)} به «${s.subject}» علاقه نشان داده است، ${when(s)} (${s.event}).`,
    'product-interest': (s) => `${times(s)} «${s.subject}» را دیده است، ${when(s)} (${s.event}).`,
    'product-bought': (s) => `${times(s)} «${s.subject}» را خریده است، ${when(s)}.`,
    'question-asked': (s) => `${s.plural === 'one' ? 'یک' : s.number} پرسش مطرح کرده است، ${when(s)}.`,
    'action-history': (s) => `پیش‌تر به این پیشنهاد پاسخ داده است: ${s.event}، ${when(s)}.`,
    'channel-response': (s) => `${times(s)} در «${s.subject}» فعال بوده است، ${when(s)} (${s.event}).`,
    'touch-history': (s) => `آخرین ${s.event} در ${s.last} بوده است.`,
    activity: (s) => `از ${s.since} تاکنون ${times(s)} فعال بوده است، آخرین: ${s.event} (${s.last}).`,
  },
};
