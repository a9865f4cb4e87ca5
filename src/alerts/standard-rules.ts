import type { TriggerRule, TriggerRuleId } from './rules/trigger-rule.js';

const id = (text: string): TriggerRuleId => text as TriggerRuleId;

const day = { withinHours: 24, maxLatenessHours: 6, cooldownHours: 24, validHours: 48 } as const;
const once = { ...day, count: 1 } as const;

/** What the customer looks at: recalled when she stands before us. */
const BROWSING = ['Page Viewed', 'Product Viewed', 'Content Viewed', 'Product Added'];

/** Events of our own making, for which tasks and promises ask to be told (see `RaiseAlert.about`). */
export const overdueEvents = { promise: 'Promise Overdue', task: 'Task Overdue' } as const;

/** Every deployment starts with these. */
export const overdueRules: readonly TriggerRule[] = [
  {
    ...once,
    ruleId: id('promise-overdue'),
    when: { event: overdueEvents.promise },
    maxLatenessHours: 24 * 30,
    cooldownHours: 24 * 7,
    validHours: 24 * 7,
    priority: 85,
    role: 'account-manager',
    message: {
      en: 'A promise to {contact} is overdue: {what} (due {dueAt, datetime}).',
      fa: 'قولی که به {contact} داده شده عقب افتاده است: {what} (موعد {dueAt, datetime}).',
    },
  },
  {
    ...once,
    ruleId: id('task-overdue'),
    when: { event: overdueEvents.task },
    maxLatenessHours: 24 * 30,
    cooldownHours: 24 * 7,
    validHours: 24 * 7,
    priority: 70,
    role: 'account-manager',
    message: {
      en: 'A task for {account} is overdue: {what} (due {dueAt, datetime}).',
      fa: 'کاری برای {account} عقب افتاده است: {what} (موعد {dueAt, datetime}).',
    },
  },
];

/** Rules to start from: data, to be edited over PUT /trigger-rules/{ruleId}. The demo loads them. */
export const standardTriggerRules: readonly TriggerRule[] = [
  {
    ...day,
    ruleId: id('side-effects-read'),
    // Reading a published page is behaviour, not a medical enquiry: the firewall lets the account manager know.
    when: { event: 'Page Viewed', where: 'event.properties.topic == "side-effects"' },
    count: 2,
    unless: {
      event: 'Question Answered',
      where: 'event.properties.topic == "side-effects"',
      withinHours: 24,
    },
    priority: 80,
    role: 'account-manager',
    message: {
      en: '{contact} read the side-effects page {count, plural, one {once} =2 {twice} other {# times}} today; offer to talk about it.',
      fa: '{contact} امروز {count, plural, other {#}} بار صفحهٔ عوارض جانبی را خوانده است؛ پیشنهاد گفت‌وگو بدهید.',
    },
  },
  {
    ...day,
    ruleId: id('pricing-read'),
    when: { event: 'Page Viewed', where: 'event.properties.topic == "pricing"' },
    count: 2,
    unless: { event: 'Order Completed', withinHours: 72 },
    cooldownHours: 72,
    priority: 70,
    role: 'account-manager',
    message: {
      en: '{contact} has looked at prices {count, plural, one {once} =2 {twice} other {# times}} today.',
      fa: '{contact} امروز {count, plural, other {#}} بار قیمت‌ها را دیده است.',
    },
  },
  {
    ...once,
    ruleId: id('at-our-place'),
    when: { event: 'Place Entered', where: 'event.properties.kind in ["branch", "booth", "event"]' },
    maxLatenessHours: 0.25,
    cooldownHours: 8,
    validHours: 1,
    priority: 95,
    role: 'account-manager',
    recall: { events: BROWSING, withinHours: 24 * 14 },
    escalateAfterMinutes: 5,
    message: {
      en: '{contact} is at {place} now. Looked at online before: {lookedAt}.',
      fa: '{contact} اکنون در {place} است. پیش‌تر در وب دیده است: {lookedAt}.',
    },
  },
  {
    ...once,
    ruleId: id('looked-but-not-bought'),
    when: { event: 'Place Entered', where: 'event.properties.kind == "branch"' },
    unless: { event: 'Order Completed', withinHours: 24, looks: 'ahead' },
    per: 'account',
    cooldownHours: 24 * 7,
    validHours: 72,
    priority: 50,
    role: 'account-manager',
    recall: { events: BROWSING, withinHours: 24 * 14 },
    message: {
      en: '{contact} was at {place} and has not ordered since: follow up online.',
      fa: '{contact} در {place} بوده و از آن پس سفارشی نداده است: در وب پیگیری کنید.',
    },
  },
  {
    ...once,
    ruleId: id('complaint-opened'),
    when: { event: 'Complaint Opened' },
    cooldownHours: 4,
    priority: 90,
    role: 'account-manager',
    escalateAfterMinutes: 30,
    message: {
      en: '{contact} has complained. Sales is silent until it is closed.',
      fa: '{contact} شکایت کرده است. تا بسته شدن آن، فروش پیامی نمی‌فرستد.',
    },
  },
  {
    ...once,
    ruleId: id('contract-ends'),
    when: { event: 'Contract Ends' },
    maxLatenessHours: 72,
    cooldownHours: 24 * 14,
    validHours: 24 * 14,
    priority: 75,
    role: 'account-manager',
    message: {
      en: 'The contract of {account} is up for renewal.',
      fa: 'قرارداد {account} نزدیک به تمدید است.',
    },
  },
  {
    ...once,
    ruleId: id('form-submitted'),
    when: { event: 'Form Submitted' },
    cooldownHours: 1,
    priority: 75,
    role: 'account-manager',
    context: { need: '{topic}' },
    message: {
      en: '{contact} has sent a form ({topic}).',
      fa: '{contact} فرمی فرستاده است ({topic}).',
    },
  },
  {
    ...once,
    ruleId: id('question-asked'),
    when: { event: 'Question Asked' },
    cooldownHours: 1,
    priority: 80,
    role: 'account-manager',
    context: { need: '{topic}' },
    message: {
      en: '{contact} has asked about {topic}.',
      fa: '{contact} دربارهٔ {topic} پرسیده است.',
    },
  },
  {
    ...once,
    ruleId: id('medical-question-asked'),
    when: {
      event: 'Question Asked',
      where: 'event.properties.topic in ["side-effects", "interactions", "off-label", "adverse-event"]',
    },
    cooldownHours: 1,
    priority: 85,
    role: 'medical-liaison',
    context: { need: '{topic}' },
    message: {
      en: '{contact} has a medical question about {topic}.',
      fa: '{contact} پرسشی پزشکی دربارهٔ {topic} دارد.',
    },
  },
  ...overdueRules,
];
