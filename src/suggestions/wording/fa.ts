import type { ChannelKind } from '../../catalogue/index.js';
import type { Counted, Deed } from './deeds.js';
import type { Headline, Language, Sentence } from './language.js';

type Wording = Pick<Sentence, 'number' | 'plural' | 'list'>;

/** Persian has the plural categories one and other; a counted noun stays singular. */
const times = (count: number, { number, plural }: Wording) =>
  plural(count, { one: 'یک بار', other: `${number(count)} بار` });
const lastly = ({ count, last }: Sentence) => (count === 1 ? last : `آخرین بار ${last}`);

const verbs: Readonly<Record<Deed, (subject: string) => string>> = {
  read: (subject) => (subject ? `دربارهٔ ${subject} خوانده` : 'صفحه‌های ما را خوانده'),
  looked: (subject) => (subject ? `${subject} را دیده` : 'محصولات را دیده'),
  searched: (subject) => (subject ? `${subject} را جست‌وجو کرده` : 'جست‌وجو کرده'),
  'put-in-basket': (subject) => `${subject || 'محصولی'} را در سبد گذاشته`,
  asked: (subject) => (subject ? `دربارهٔ ${subject} پرسیده` : 'پرسشی مطرح کرده'),
  'filled-in': (subject) => (subject ? `فرمی دربارهٔ ${subject} پر کرده` : 'فرمی پر کرده'),
  opened: (subject) => (subject ? `پیامی دربارهٔ ${subject} را باز کرده` : 'پیامی را باز کرده'),
  clicked: (subject) => (subject ? `پیوندی دربارهٔ ${subject} را باز کرده` : 'پیوندی را باز کرده'),
  replied: (subject) => (subject ? `دربارهٔ ${subject} پاسخ داده` : 'پاسخ داده'),
  'met-us': (subject) => (subject ? `از جایی که ${subject} را نشان می‌دادیم دیدن کرده` : 'به ما سر زده'),
  ordered: (subject) => `${subject || 'محصولی'} را سفارش داده`,
  other: (subject) => (subject ? `به ${subject} علاقه نشان داده` : 'فعال بوده'),
};

const quoted = (subject: string) => (subject === '' ? '' : `«${subject}»`);

function whatWasDone(done: readonly Counted[], subject: string, wording: Wording): string {
  return wording.list(
    done
      .slice(0, 3)
      .map(
        ({ deed, count }, place) =>
          `${times(count, wording)} ${verbs[deed](place === 0 || subject === '' ? quoted(subject) : 'آن')}`,
      ),
  );
}

const interest = (s: Sentence) => `${s.who} ${whatWasDone(s.done, s.subject, s)} است، ${lastly(s)}.`;

const approaches: Readonly<Record<ChannelKind, string>> = {
  call: 'تماس تلفنی',
  visit: 'ملاقات',
  email: 'ایمیل',
  sms: 'پیامک',
  chat: 'گفت‌وگوی آنلاین',
  mail: 'نامه',
  event: 'رویداد',
  branch: 'گفت‌وگو در شعبه',
  social: 'پیام در شبکهٔ اجتماعی',
  app: 'پیام در برنامه',
  web: 'پیام در وب‌گاه',
  podcast: 'پادکست',
  advert: 'آگهی',
};

const doublesBought = ({ number, count, of, subject, after }: Sentence) =>
  `از ${number(of)} حساب مشابه این حساب، ${number(count)} حساب${after === null ? '' : ` پس از ${approaches[after]}`} «${subject}» را خریده‌اند.`;

const dueAgain = (s: Sentence) =>
  `${s.who} «${s.subject}» را تقریباً هر ${s.number(s.every)} روز سفارش می‌دهد؛ آخرین سفارش ${s.daysAgo === 0 ? 'امروز' : `${s.number(s.daysAgo)} روز پیش`} بوده است.`;

const boughtTogether = (s: Sentence) =>
  `حساب‌هایی که «${s.other}» خریده‌اند «${s.subject}» را هم می‌خرند (${s.number(s.accounts)} حساب)؛ ${s.who} ${times(s.count, s)} «${s.other}» را سفارش داده است، ${lastly(s)}.`;

const verbOf: Readonly<Record<ChannelKind, (one: Headline) => string>> = {
  call: ({ contact }) => `تماس تلفنی با ${contact}`,
  visit: ({ contact }) => `ملاقات با ${contact}`,
  email: ({ contact }) => `ایمیل به ${contact}`,
  sms: ({ contact }) => `پیامک به ${contact}`,
  chat: ({ contact }) => `گفت‌وگوی آنلاین با ${contact}`,
  mail: ({ contact }) => `نامه به ${contact}`,
  event: ({ contact }) => `دعوت از ${contact}`,
  branch: ({ contact }) => `گفت‌وگو با ${contact} در شعبه`,
  social: ({ contact, channel }) => `پیام به ${contact} در ${channel}`,
  app: ({ contact, channel }) => `نمایش به ${contact} در ${channel}`,
  web: ({ contact, channel }) => `نمایش به ${contact} در ${channel}`,
  podcast: ({ contact, channel }) => `ارتباط با ${contact} از راه ${channel}`,
  advert: ({ contact, channel }) => `ارتباط با ${contact} از راه ${channel}`,
};

function about({ intent, topics, product, action, list }: Headline): string {
  if (intent === 'offer' && product !== null) return ` برای پیشنهاد «${product}»`;
  if (topics.length > 0) return ` دربارهٔ ${list(topics)}${product === null ? '' : ` «${product}»`}`;
  return product === null ? `: ${action}` : ` دربارهٔ «${product}»`;
}

export const persian: Language = {
  locale: 'fa-IR-u-ca-persian-nu-arabext',
  events: {
    'Page Viewed': 'بازدید صفحه',
    'Content Viewed': 'خواندن محتوا',
    'Product Viewed': 'دیدن محصول',
    'Product Added': 'افزودن محصول به سبد',
    'Question Asked': 'پرسش',
    'Question Answered': 'پاسخ به پرسش',
    'Form Submitted': 'ارسال فرم',
    'Email Opened': 'باز کردن ایمیل',
    'Email Link Clicked': 'کلیک در ایمیل',
    'Email Replied': 'پاسخ به ایمیل',
    'Order Completed': 'سفارش',
    'Quote Given': 'اعلام قیمت',
    'Visit Logged': 'ملاقات',
    'Call Logged': 'تماس تلفنی',
    'Email Sent': 'ایمیل',
    'Message Sent': 'پیام',
    'Letter Sent': 'نامه',
  },
  topics: {
    efficacy: 'اثربخشی',
    'side-effects': 'عوارض جانبی',
    dosage: 'مقدار مصرف',
    reimbursement: 'پوشش بیمه',
    guidelines: 'راهنماهای بالینی',
    interactions: 'تداخل‌های دارویی',
    price: 'قیمت',
    delivery: 'تحویل',
    support: 'پشتیبانی',
  },
  somebody: (account) => (account === null ? 'مشتری' : `فردی از ${account}`),
  reasons: {
    'topic-interest': interest,
    'product-interest': interest,
    'product-bought': (s) => `${s.who} ${times(s.count, s)} «${s.subject}» را خریده است، ${lastly(s)}.`,
    'question-asked': (s) =>
      `${s.who} ${s.plural(s.count, { one: 'یک', other: s.number(s.count) })} پرسش مطرح کرده است، ${lastly(s)}.`,
    'action-history': (s) =>
      `${s.who} پیش‌تر به این پیشنهاد واکنش نشان داده است: ${whatWasDone(s.done, '', s)}، ${lastly(s)}.`,
    'channel-response': (s) =>
      `${s.who} از راه «${s.subject}» در دسترس است: ${whatWasDone(s.done, '', s)}، ${lastly(s)}.`,
    'touch-history': (s) => `آخرین ${s.event} ${s.last} بوده است.`,
    'doubles-bought': doublesBought,
    'due-again': dueAgain,
    'bought-together': boughtTogether,
    activity: (s) => `${s.who} ${whatWasDone(s.done, '', s)} است، ${lastly(s)}.`,
  },
  happened: ({ away, weekday, date }, time) => {
    if (away === 0) return `امروز ساعت ${time}`;
    if (away === -1) return 'دیروز';
    return away > -7 && away < 0 ? `روز ${weekday}` : `در ${date}`;
  },
  headline: (one) => {
    const verb = one.channelKind ? verbOf[one.channelKind](one) : `ارتباط با ${one.contact}`;
    return `${verb}${about(one)}، ${one.slot}`;
  },
  slot: ({ away, weekday, date }, from, to) => {
    const day = away === 0 ? 'امروز' : away === 1 ? 'فردا' : away < 7 && away > 0 ? weekday : date;
    return `${day} ${from} تا ${to}`;
  },
};
