import type { ActionId, ChannelId, ContentId, OutcomeId, ProductId, TreatmentId } from './ids.js';
import type { Role } from './team.js';

export interface Product {
  productId: ProductId;
  name: string;
  /** In `currency`, per unit. */
  price: number;
  /** Earned per unit, in `currency`. */
  margin: number;
  /** ISO 4217. */
  currency: string;
  topics: string[];
  available: boolean | { from: string };
}

/** Whether the product can be had at a moment. */
export function isAvailable(product: Pick<Product, 'available'>, at: Date): boolean {
  const { available } = product;
  return typeof available === 'boolean' ? available : new Date(available.from).getTime() <= at.getTime();
}

/** Kotler's five A's: the stages of a customer's path. */
export const stages = ['aware', 'appeal', 'ask', 'act', 'advocate'] as const;
export type Stage = (typeof stages)[number];

export interface Content {
  contentId: ContentId;
  title: string;
  topics: string[];
  stage: Stage | null;
  productIds: ProductId[];
  url: string | null;
}

export const channelKinds = [
  'email',
  'sms',
  'app',
  'web',
  'chat',
  'social',
  'call',
  'visit',
  'event',
  'branch',
  'podcast',
  'mail',
  'advert',
] as const;
export type ChannelKind = (typeof channelKinds)[number];

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** Opening windows by weekday in the contact's local time: { mon: [["09:00", "17:00"]] }; a day left out is closed. */
export type WeeklyHours = Partial<Record<Weekday, [string, string][]>>;

export interface Channel {
  channelId: ChannelId;
  name: string;
  kind: ChannelKind;
  performedBy: Role | 'automatic';
  /** In the configured currency. */
  costPerTouch: number;
  leadTimeHours: number;
  hours: WeeklyHours | null;
  consent: 'opt-in' | 'opt-out';
  capacityPerDay: number | null;
}

export const intents = [
  'offer',
  'content',
  'follow-up',
  'meeting',
  'handover',
  'referral',
  'retention',
  'service',
] as const;
export type Intent = (typeof intents)[number];
export const purposes = ['marketing', 'sales', 'medical', 'service', 'research'] as const;
export type Purpose = (typeof purposes)[number];

export interface OutcomeDefinition {
  outcomeId: OutcomeId;
  /** Name of the event that is the outcome. */
  event: string;
  /** CEL over `event`, true when it counts. */
  where: string | null;
  withinDays: number;
  /** CEL over `event`, in the configured currency. */
  value: string | null;
  /**
   * An engagement (opened, viewed, replied) is observed for every action; any other outcome only for actions that
   * name it.
   */
  engagement: boolean;
}

/**
 * What success is worth. `declared`: what the action, the outcome or the product says. `lifetime`: what it adds to the
 * account's lifetime value where that is known, else what is declared.
 */
export const valueSources = ['declared', 'lifetime'] as const;
export type ValueSource = (typeof valueSources)[number];

/** A thing that can be done next. */
export interface Action {
  actionId: ActionId;
  name: string;
  intent: Intent;
  purpose: Purpose;
  productIds: ProductId[];
  topics: string[];
  channelIds: ChannelId[];
  /** CEL over account, contact, product, features, at. */
  eligibility: string | null;
  outcomeId: OutcomeId;
  /** In the configured currency; null: the outcome's value, else the product's margin. */
  value: number | null;
  /** Absent: declared. */
  valueFrom?: ValueSource;
  discount: number | null;
  /** Business weight, 1 is neutral. */
  lever: number;
  mandatory: boolean;
  validFrom: Date | null;
  validUntil: Date | null;
}

/** An action's wording on one channel, in one language. */
export interface Treatment {
  actionId: ActionId;
  treatmentId: TreatmentId;
  channelId: ChannelId;
  /** BCP 47; null fits every contact. */
  locale: string | null;
  title: string;
  body: string;
  contentId: ContentId | null;
}
