import type {
  Action,
  ActionId,
  Channel,
  ChannelId,
  OutcomeDefinition,
  OutcomeId,
  Product,
  ProductId,
  Treatment,
  TreatmentId,
} from '../../catalogue/index.js';
import type { CatalogueStep } from '../plan.js';
import type { Contacted } from './rows.js';

/** Assumed worth of one accepted card: the log has no values, so all cards weigh the same. */
export const CARD_VALUE = 100;
export const CURRENCY = 'USD';

/**
 * Unique over actions and channels, because what a wording achieves differs by both. Contacts whose log names no wording
 * share one of their own: they are not the named ones.
 */
export function treatmentIdOf({
  actionId,
  channelId,
  treatment,
}: Pick<Contacted, 'actionId' | 'channelId' | 'treatment'>): TreatmentId {
  return `${actionId}-${channelId}-${treatment ?? 'unnamed'}` as TreatmentId;
}

/** Everything that the log offered. */
export function pegaCatalogue(contacts: readonly Contacted[]): CatalogueStep[] {
  const cards = new Map<string, string>();
  const treatments = new Map<string, Treatment>();
  const channelsOf = new Map<string, Set<string>>();
  for (const contact of contacts) {
    cards.set(contact.actionId, contact.label);
    const offeredOn = channelsOf.get(contact.actionId) ?? new Set();
    channelsOf.set(contact.actionId, offeredOn.add(contact.channelId));
    const treatment = treatmentOf(contact);
    treatments.set(treatment.treatmentId, treatment);
  }
  return [
    { kind: 'products', records: [...cards].map(product) },
    { kind: 'channels', records: [sms, web] },
    { kind: 'outcome-definitions', records: [outcome] },
    {
      kind: 'actions',
      records: [...cards].map(([id, label]) => action(id, label, [...(channelsOf.get(id) ?? [])].sort())),
    },
    { kind: 'treatments', records: [...treatments.values()] },
  ];
}

const sms: Channel = {
  channelId: 'sms' as ChannelId,
  name: 'SMS',
  kind: 'sms',
  performedBy: 'automatic',
  costPerTouch: 0.05,
  leadTimeHours: 0,
  hours: null,
  consent: 'opt-in',
  capacityPerDay: null,
};

const web: Channel = {
  ...sms,
  channelId: 'web' as ChannelId,
  name: 'Web, when the customer is there',
  kind: 'web',
  costPerTouch: 0.001,
  consent: 'opt-out',
};

const outcome: OutcomeDefinition = {
  outcomeId: 'positive-response' as OutcomeId,
  event: 'Response Positive',
  where: null,
  withinDays: 1,
  value: null,
  engagement: false,
};

function product([id, name]: [string, string]): Product {
  return {
    productId: id as ProductId,
    name,
    price: 0,
    margin: CARD_VALUE,
    currency: CURRENCY,
    topics: ['credit-cards'],
    available: true,
  };
}

function action(id: string, label: string, channelIds: string[]): Action {
  return {
    actionId: id as ActionId,
    name: label,
    intent: 'offer',
    purpose: 'marketing',
    productIds: [id as ProductId],
    topics: ['credit-cards'],
    channelIds: channelIds.map((channelId) => channelId as ChannelId),
    eligibility: null,
    outcomeId: outcome.outcomeId,
    value: CARD_VALUE,
    discount: null,
    lever: 1,
    mandatory: false,
    validFrom: null,
    validUntil: null,
  };
}

function treatmentOf(contact: Contacted): Treatment {
  const treatmentId = treatmentIdOf(contact);
  return {
    actionId: contact.actionId as ActionId,
    treatmentId,
    channelId: contact.channelId as ChannelId,
    locale: null,
    title: contact.label,
    body: contact.treatment === null ? `${contact.label}.` : `${contact.label} (${contact.treatment}).`,
    contentId: null,
  };
}
