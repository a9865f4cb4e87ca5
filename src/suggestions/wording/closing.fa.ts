import type { DismissalReason, RuleName } from '../../contact-policy/index.js';
import type { ClosingWords } from '../closing.js';

const deed: Readonly<Record<string, string>> = {
  'Visit Logged': 'ملاقات ثبت شد',
  'Call Logged': 'تماس ثبت شد',
  'Email Sent': 'ایمیل فرستاده شد',
  'Message Sent': 'پیام فرستاده شد',
  'Letter Sent': 'نامه فرستاده شد',
};

const refusedBy: Readonly<Record<RuleName, string>> = {
  eligibility: 'این اقدام دیگر در اینجا معنا ندارد.',
  consent: 'مخاطب به این تماس رضایت نداده است.',
  cap: 'سقف تعداد تماس‌ها پر شده است.',
  'cool-down': 'پس از آخرین تماس یا رد، هنوز زمان درنگ است.',
  'quiet-hours': 'این بازه در ساعت‌های آرامش مخاطب است.',
  'conversation-hold': 'همکاری در حال گفت‌وگو با این حساب است.',
  'offer-lock': 'قیمتی که پیش‌تر اعلام شده هنوز معتبر است.',
  stock: 'این محصول اکنون موجود نیست.',
  budget: 'سهم امروز مدیر حساب پر شده است.',
  firewall: 'این موضوع برای این نقش نشان داده نمی‌شود.',
  reach: 'در حال حاضر نمی‌توان از این راه به مخاطب رسید.',
};

const called: Readonly<Record<DismissalReason, string>> = {
  'already-done': 'پیش‌تر انجام شده',
  'wrong-time': 'زمان نامناسب',
  'wrong-product': 'محصول نامناسب',
  'wrong-channel': 'راه ارتباطی نامناسب',
  'not-compliant': 'خلاف مقررات',
  other: 'دلیل دیگر',
};

const named = (member: string): string => (member === '' ? '' : ` (${member})`);

export const closingInPersian: ClosingWords = {
  done: ({ event, member }) => {
    const what = deed[event] ?? event;
    return member === undefined ? `${what}.` : `همکاری${named(member)} آن را انجام داد: ${what}.`;
  },
  answered: ({ member }) =>
    member === undefined ? 'به پرسش پاسخ داده شد.' : `همکاری${named(member)} به پرسش پاسخ داد.`,
  ordered: () => 'سفارش این محصول رسید.',
  complained: () => 'شکایتی باز شد و رسیدگی به آن مقدم است.',
  read: () => 'مشتری در این میان آن را خوانده است.',
  refused: ({ rule }) => refusedBy[rule],
  'consent-withdrawn': () => refusedBy.consent,
  'newer-answer': () => 'پاسخ تازه‌تری جای آن را گرفت.',
  'slot-passed': () => 'زمان آن گذشته است.',
  moved: () => 'مخاطب اکنون به حساب دیگری تعلق دارد.',
  gone: () => 'موضوع آن دیگر نگهداری نمی‌شود.',
  'no-words': () => 'برای این راه ارتباطی متنی آماده نیست.',
  'not-sent': ({ detail }) => `فرستادن آن ممکن نشد: ${detail}`,
  'arrival-unknown': () => 'فرستاده شد؛ رسیدن آن معلوم نیست.',
  'called-not-compliant': () => 'خلاف مقررات خوانده شد و واحد تطبیق آن را بررسی می‌کند.',
  'done-already': () => 'پیش‌تر انجام شده است.',
  dismissed: ({ reason }) => `رد شد: ${called[reason]}.`,
};
