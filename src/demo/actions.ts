import type {
  Action,
  ActionId,
  ChannelId,
  Intent,
  OutcomeId,
  ProductId,
  Purpose,
} from '../catalogue/index.js';
import { type ChannelName, type Medicine, medicines, type OutcomeName, type Topic } from './offering.js';

/** An action with what the simulator needs to know of it. */
export interface Plan {
  id: string;
  name: string;
  intent: Intent;
  purpose: Purpose;
  medicine: Medicine | null;
  topic: Topic;
  channels: readonly ChannelName[];
  outcome: OutcomeName;
  value: number;
  /** CEL. */
  eligibility: string | null;
}

type Kind = Omit<Plan, 'id' | 'name' | 'medicine' | 'eligibility'> & {
  key: string;
  name: (medicine: string) => string;
  alsoNeeds?: string;
};

/** What can be done about each medicine. Values are in euros and assumed. */
const aboutMedicine: readonly Kind[] = [
  {
    key: 'efficacy',
    name: (medicine) => `Present the new efficacy data of ${medicine}`,
    intent: 'meeting',
    purpose: 'sales',
    topic: 'efficacy',
    channels: ['visit', 'call'],
    outcome: 'ordered',
    value: 800,
  },
  {
    key: 'samples',
    name: (medicine) => `Offer samples of ${medicine}`,
    intent: 'offer',
    purpose: 'sales',
    topic: 'dosage',
    channels: ['visit', 'call', 'letter'],
    outcome: 'ordered',
    value: 600,
    alsoNeeds: 'features.orders < 40.0',
  },
  {
    key: 'dosage',
    name: (medicine) => `Send the dosing guide of ${medicine}`,
    intent: 'content',
    purpose: 'marketing',
    topic: 'dosage',
    channels: ['email', 'sms', 'letter'],
    outcome: 'responded',
    value: 12,
  },
  {
    key: 'safety',
    name: (medicine) => `Offer a talk about side effects of ${medicine}`,
    intent: 'follow-up',
    purpose: 'medical',
    topic: 'side-effects',
    channels: ['web', 'letter'],
    outcome: 'responded',
    value: 120,
  },
];

/** What can be done about anything. */
const general: readonly Omit<Plan, 'medicine'>[] = [
  {
    id: 'webinar-guidelines',
    name: 'Invite to the webinar on the new guidelines',
    intent: 'content',
    purpose: 'marketing',
    topic: 'guidelines',
    channels: ['webinar', 'email'],
    outcome: 'responded',
    value: 30,
    eligibility: null,
  },
  {
    id: 'webinar-interactions',
    name: 'Invite to the webinar on interactions',
    intent: 'content',
    purpose: 'medical',
    topic: 'interactions',
    channels: ['webinar', 'web'],
    outcome: 'responded',
    value: 60,
    eligibility: 'features.reads60 > 1.0',
  },
  {
    id: 'newsletter',
    name: 'Send the monthly newsletter',
    intent: 'content',
    purpose: 'marketing',
    topic: 'guidelines',
    channels: ['email'],
    outcome: 'responded',
    value: 6,
    eligibility: null,
  },
  {
    id: 'reimbursement-handover',
    name: 'Introduce the reimbursement specialist',
    intent: 'handover',
    purpose: 'service',
    topic: 'reimbursement',
    channels: ['call', 'visit'],
    outcome: 'responded',
    value: 150,
    eligibility: 'account.attributes.setting == "hospital" || features.orders > 2.0',
  },
  {
    id: 'reimbursement-leaflet',
    name: 'Send the reimbursement leaflet',
    intent: 'content',
    purpose: 'service',
    topic: 'reimbursement',
    channels: ['email', 'sms', 'letter'],
    outcome: 'responded',
    value: 14,
    eligibility: null,
  },
  {
    id: 'win-back',
    name: 'Ask what is missing since the last order',
    intent: 'retention',
    purpose: 'sales',
    topic: 'efficacy',
    channels: ['call', 'visit'],
    outcome: 'responded',
    value: 140,
    eligibility: 'features.orders > 0.0 && features.daysSinceOrder > 45.0',
  },
  {
    id: 'answer-question',
    name: 'Answer the open question',
    intent: 'service',
    purpose: 'service',
    topic: 'interactions',
    channels: ['call', 'email'],
    outcome: 'responded',
    value: 90,
    eligibility: 'features.questionsOpen > 0.0',
  },
  {
    id: 'case-exchange',
    name: 'Ask for a case to share with colleagues',
    intent: 'referral',
    purpose: 'medical',
    topic: 'efficacy',
    channels: ['web', 'visit'],
    outcome: 'responded',
    value: 110,
    eligibility: 'account.attributes.academic && features.orders > 1.0',
  },
  {
    id: 'survey',
    name: 'Ask for two minutes of feedback',
    intent: 'service',
    purpose: 'research',
    topic: 'guidelines',
    channels: ['email', 'sms'],
    outcome: 'responded',
    value: 8,
    eligibility: 'features.tenureDays > 60.0',
  },
  {
    id: 'interactions-checker',
    name: 'Show the interactions checker',
    intent: 'content',
    purpose: 'medical',
    topic: 'interactions',
    channels: ['web', 'email'],
    outcome: 'responded',
    value: 50,
    eligibility: null,
  },
];

export const plans: readonly Plan[] = [
  ...medicines.flatMap((medicine) =>
    aboutMedicine.map(({ key, name, alsoNeeds, ...kind }): Plan => {
      const list = medicine.specialties.map((specialty) => `"${specialty}"`).join(', ');
      const forSpecialty = `contact.attributes.specialty in [${list}]`;
      return {
        ...kind,
        id: `${key}-${medicine.id}`,
        name: name(medicine.name),
        medicine,
        eligibility: alsoNeeds ? `${forSpecialty} && ${alsoNeeds}` : forSpecialty,
      };
    }),
  ),
  ...general.map((plan) => ({ ...plan, medicine: null })),
];

export const actions: Action[] = plans.map((plan) => ({
  actionId: plan.id as ActionId,
  name: plan.name,
  intent: plan.intent,
  purpose: plan.purpose,
  productIds: plan.medicine ? [plan.medicine.id as ProductId] : [],
  topics: [plan.topic],
  channelIds: plan.channels.map((channel) => channel as string as ChannelId),
  eligibility: plan.eligibility,
  outcomeId: plan.outcome as string as OutcomeId,
  value: plan.value,
  discount: null,
  lever: 1,
  mandatory: false,
  validFrom: null,
  validUntil: null,
}));
