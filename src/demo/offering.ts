import type {
  Channel,
  ChannelId,
  Content,
  ContentId,
  OutcomeDefinition,
  OutcomeId,
  Product,
  ProductId,
  Stage,
  WeeklyHours,
} from '../catalogue/index.js';
import { weekdays } from '../catalogue/index.js';

/** What the simulated company sells, says and can do next. Every name is invented. */

export const topics = [
  'efficacy',
  'side-effects',
  'dosage',
  'reimbursement',
  'guidelines',
  'interactions',
] as const;
export type Topic = (typeof topics)[number];

export const specialties = [
  'cardiology',
  'endocrinology',
  'pulmonology',
  'neurology',
  'dermatology',
  'rheumatology',
  'general-practice',
] as const;
export type Specialty = (typeof specialties)[number];

export interface Medicine {
  id: string;
  name: string;
  /** Who prescribes it. */
  specialties: readonly Specialty[];
  price: number;
  margin: number;
}

export const medicines: readonly Medicine[] = [
  {
    id: 'cardelin',
    name: 'Cardelin',
    specialties: ['cardiology', 'general-practice'],
    price: 84,
    margin: 50,
  },
  {
    id: 'glucovra',
    name: 'Glucovra',
    specialties: ['endocrinology', 'general-practice'],
    price: 62,
    margin: 36,
  },
  {
    id: 'breathora',
    name: 'Breathora',
    specialties: ['pulmonology', 'general-practice'],
    price: 47,
    margin: 26,
  },
  { id: 'migralux', name: 'Migralux', specialties: ['neurology', 'general-practice'], price: 73, margin: 44 },
  { id: 'dermivo', name: 'Dermivo', specialties: ['dermatology', 'rheumatology'], price: 310, margin: 180 },
  { id: 'arthexil', name: 'Arthexil', specialties: ['rheumatology', 'dermatology'], price: 285, margin: 160 },
];

export const products: Product[] = medicines.map(({ id, name, price, margin }) => ({
  productId: id as ProductId,
  name,
  price,
  margin,
  currency: 'EUR',
  topics: [...topics],
  available: true,
}));

export const channelNames = ['visit', 'call', 'email', 'web', 'webinar', 'sms', 'letter'] as const;
export type ChannelName = (typeof channelNames)[number];

function daily(from: string, to: string): WeeklyHours {
  return Object.fromEntries(weekdays.map((day) => [day, [[from, to]]]));
}

type ChannelFacts = Pick<
  Channel,
  'name' | 'kind' | 'performedBy' | 'costPerTouch' | 'leadTimeHours' | 'hours' | 'consent'
>;
/** Open every day: which days a country rests on is the contact policy's to say. */
const channelFacts: Record<ChannelName, ChannelFacts> = {
  visit: {
    name: 'Visit',
    kind: 'visit',
    performedBy: 'account-manager',
    costPerTouch: 45,
    leadTimeHours: 24,
    hours: daily('09:00', '17:00'),
    consent: 'opt-out',
  },
  call: {
    name: 'Telephone',
    kind: 'call',
    performedBy: 'account-manager',
    costPerTouch: 10,
    leadTimeHours: 0,
    hours: daily('09:00', '17:00'),
    consent: 'opt-out',
  },
  email: {
    name: 'E-mail',
    kind: 'email',
    performedBy: 'automatic',
    costPerTouch: 0.3,
    leadTimeHours: 0,
    hours: daily('08:00', '20:00'),
    consent: 'opt-in',
  },
  web: {
    name: 'Remote talk on the web',
    kind: 'web',
    performedBy: 'medical-liaison',
    costPerTouch: 18,
    leadTimeHours: 4,
    hours: daily('09:00', '19:00'),
    consent: 'opt-out',
  },
  webinar: {
    name: 'Webinar invitation',
    kind: 'event',
    performedBy: 'marketing',
    costPerTouch: 3,
    leadTimeHours: 48,
    hours: daily('09:00', '19:00'),
    consent: 'opt-out',
  },
  sms: {
    name: 'WhatsApp and SMS',
    kind: 'sms',
    performedBy: 'automatic',
    costPerTouch: 0.15,
    leadTimeHours: 0,
    hours: daily('09:00', '19:00'),
    consent: 'opt-in',
  },
  letter: {
    name: 'Medical letter',
    kind: 'mail',
    performedBy: 'automatic',
    costPerTouch: 1.5,
    leadTimeHours: 48,
    hours: null,
    consent: 'opt-out',
  },
};

export const channels: Channel[] = channelNames.map((id) => ({
  channelId: id as string as ChannelId,
  ...channelFacts[id],
  capacityPerDay: id === 'letter' ? 100 : null,
}));

/** Where a reader of the topic stands on the way to prescribing. */
const stageOf: Record<Topic, Stage> = {
  guidelines: 'aware',
  efficacy: 'appeal',
  'side-effects': 'ask',
  dosage: 'ask',
  interactions: 'ask',
  reimbursement: 'act',
};

const titleOf: Record<Topic, (medicine: string) => string> = {
  guidelines: (medicine) => `Where ${medicine} stands in the guidelines`,
  efficacy: (medicine) => `${medicine}: what the trials showed`,
  'side-effects': (medicine) => `Side effects of ${medicine} and what to do about them`,
  dosage: (medicine) => `Dosing ${medicine} step by step`,
  interactions: (medicine) => `${medicine} together with other medicines`,
  reimbursement: (medicine) => `Getting ${medicine} reimbursed`,
};

export function contentIdOf(medicine: string, topic: Topic): string {
  return `${medicine}-${topic}`;
}

export const content: Content[] = [
  ...medicines.flatMap(({ id, name }) =>
    topics.map((topic) => ({
      contentId: contentIdOf(id, topic) as ContentId,
      title: titleOf[topic](name),
      topics: [topic],
      stage: stageOf[topic],
      productIds: [id as ProductId],
      url: `https://territory.example/${id}/${topic}`,
    })),
  ),
  {
    contentId: 'colleagues-report' as ContentId,
    title: 'Colleagues report: cases from practice',
    topics: ['efficacy'],
    stage: 'advocate',
    productIds: [],
    url: 'https://territory.example/colleagues-report',
  },
];

export const outcomeNames = ['responded', 'ordered'] as const;
export type OutcomeName = (typeof outcomeNames)[number];

/** Days after a touch in which its outcome counts. */
export const withinDays: Record<OutcomeName, number> = { responded: 7, ordered: 14 };

export const outcomes: OutcomeDefinition[] = [
  {
    outcomeId: 'responded' as OutcomeId,
    event: 'Response Positive',
    where: null,
    withinDays: withinDays.responded,
    value: null,
    engagement: true,
  },
  {
    outcomeId: 'ordered' as OutcomeId,
    event: 'Order Completed',
    /** An order that names the touch which brought it; what is ordered unasked is credited to nobody. */
    where: 'has(event.properties.touchId)',
    withinDays: withinDays.ordered,
    value: 'double(event.properties.value)',
    engagement: false,
  },
];
