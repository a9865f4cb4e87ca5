/** Everything that a digest says by itself, in one language. */
export interface DigestWords {
  /** BCP 47, with the language's own calendar and digits. */
  locale: string;
  direction: 'ltr' | 'rtl';
  subject: (parts: readonly string[], weekly: boolean) => string;
  greeting: (name: string) => string;
  intro: (weekly: boolean) => string;
  suggestions: string;
  alerts: string;
  tasks: string;
  promises: string;
  /** How many, in the subject. */
  counted: {
    suggestions: (count: string, plural: Intl.LDMLPluralRule) => string;
    alerts: (count: string, plural: Intl.LDMLPluralRule) => string;
    tasks: (count: string, plural: Intl.LDMLPluralRule) => string;
    promises: (count: string, plural: Intl.LDMLPluralRule) => string;
  };
  due: (time: string) => string;
  overdue: (time: string) => string;
  until: (time: string) => string;
  more: (count: string) => string;
  open: string;
  why: (weekly: boolean, hour: string) => string;
  settings: string;
  off: string;
}

const en: DigestWords = {
  locale: 'en-GB',
  direction: 'ltr',
  subject: (parts, weekly) => `${weekly ? 'This week' : 'Today'}: ${parts.join(', ')}`,
  greeting: (name) => `Hello ${name},`,
  intro: (weekly) => (weekly ? 'this is what matters most this week.' : 'this is what matters most today.'),
  suggestions: 'Suggestions, best first',
  alerts: 'Alerts that nobody has seen to',
  tasks: 'Tasks that are due',
  promises: 'What you promised',
  counted: {
    suggestions: (count, plural) => `${count} ${plural === 'one' ? 'suggestion' : 'suggestions'}`,
    alerts: (count, plural) => `${count} ${plural === 'one' ? 'alert' : 'alerts'}`,
    tasks: (count, plural) => `${count} ${plural === 'one' ? 'task' : 'tasks'}`,
    promises: (count, plural) => `${count} ${plural === 'one' ? 'promise' : 'promises'}`,
  },
  due: (time) => `due ${time}`,
  overdue: (time) => `overdue since ${time}`,
  until: (time) => `worth acting on until ${time}`,
  more: (count) => `and ${count} more`,
  open: 'Open the desk',
  why: (weekly, hour) =>
    weekly
      ? `You get this on the first working day of your week, at ${hour}, when there is something to say.`
      : `You get this every working day at ${hour}, when there is something to say.`,
  settings: 'Change when it comes',
  off: 'Switch it off',
};

const fa: DigestWords = {
  locale: 'fa-IR-u-ca-persian',
  direction: 'rtl',
  subject: (parts, weekly) => `${weekly ? 'این هفته' : 'امروز'}: ${parts.join('، ')}`,
  greeting: (name) => `سلام ${name}،`,
  intro: (weekly) => (weekly ? 'مهم‌ترین کارهای این هفته:' : 'مهم‌ترین کارهای امروز:'),
  suggestions: 'پیشنهادها، بهترین در آغاز',
  alerts: 'هشدارهایی که هنوز کسی ندیده است',
  tasks: 'کارهایی که موعدشان رسیده است',
  promises: 'آنچه قول داده‌اید',
  counted: {
    suggestions: (count) => `${count} پیشنهاد`,
    alerts: (count) => `${count} هشدار`,
    tasks: (count) => `${count} کار`,
    promises: (count) => `${count} قول`,
  },
  due: (time) => `موعد: ${time}`,
  overdue: (time) => `از ${time} عقب افتاده است`,
  until: (time) => `تا ${time} ارزش پیگیری دارد`,
  more: (count) => `و ${count} مورد دیگر`,
  open: 'باز کردن میز کار',
  why: (weekly, hour) =>
    weekly
      ? `این نامه در نخستین روز کاری هفته ساعت ${hour} می‌آید، اگر چیزی برای گفتن باشد.`
      : `این نامه هر روز کاری ساعت ${hour} می‌آید، اگر چیزی برای گفتن باشد.`,
  settings: 'تغییر زمان آن',
  off: 'خاموش کردن',
};

/** The language of a locale (BCP 47); English where there are no words in it. */
export function digestWords(locale: string | null): DigestWords {
  return locale?.toLowerCase().split('-')[0] === 'fa' ? fa : en;
}
