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
import { type Offer, starbucksChannels } from './rows.js';

type ChannelName = (typeof starbucksChannels)[number];

/**
 * An offer goes out at once over a fixed set of channels, and the sets nest: e-mail always, then web, mobile, social.
 * The log therefore cannot tell channels of one offer apart, and a touch names the one that reaches furthest
 * ("social" stands for "on social media, besides e-mail and mobile"); the whole set is kept in `properties.channels`.
 */
export function touchChannel(offer: Offer): ChannelName {
  return starbucksChannels.find((channel) => offer.channels.includes(channel)) ?? 'email';
}

/** Readable and unique: `bogo-10-for-10-7d`, `informational-4d`. */
export function actionIdOf(offer: Offer): ActionId {
  const terms = offer.kind === 'informational' ? '' : `-${offer.reward}-for-${offer.difficulty}`;
  return `${offer.kind}${terms}-${offer.durationDays}d` as ActionId;
}

export function offerName({ kind, reward, difficulty, durationDays }: Offer): string {
  if (kind === 'informational') return `Information, ${durationDays} days`;
  if (kind === 'bogo') return `Buy one get one ${reward}, ${durationDays} days`;
  return `${reward} off when spending ${difficulty}, ${durationDays} days`;
}

/** Mean of all 138,953 transactions of the data set. */
export const MEAN_TRANSACTION = 12.78;
/** Assumed share of views of an informational offer that bring one more average transaction. */
const INFORMED_BUYS = 0.25;

/**
 * Worth of the offer's outcome in the data set's currency: what completing it makes the customer spend (at least the
 * difficulty, else an average transaction) less the reward paid. An assumption: the log has no margins.
 */
export function offerValue({ kind, reward, difficulty }: Offer): number {
  if (kind === 'informational') return INFORMED_BUYS * MEAN_TRANSACTION;
  return Math.max(difficulty, MEAN_TRANSACTION) - reward;
}

/** DATA.md: the five days after an offer was received, both ends included. */
export const WITHIN_DAYS = 5;

export const drinks = 'drinks' as ProductId;

export function starbucksCatalogue(offers: readonly Offer[]): CatalogueStep[] {
  return [
    {
      kind: 'attribute-schemas',
      records: [
        {
          kind: 'account',
          attributes: {
            age: { type: 'number' },
            gender: { type: 'string', values: ['F', 'M', 'O'] },
            income: { type: 'number' },
            memberSince: { type: 'date' },
          },
        },
      ],
    },
    { kind: 'products', records: [product] },
    { kind: 'channels', records: channels },
    { kind: 'outcome-definitions', records: outcomes },
    { kind: 'actions', records: offers.map(action) },
    { kind: 'treatments', records: offers.map(treatment) },
  ];
}

const product: Product = {
  productId: drinks,
  name: 'Drinks and food',
  price: MEAN_TRANSACTION,
  margin: MEAN_TRANSACTION,
  currency: 'USD',
  topics: ['bogo', 'discount', 'informational'],
  available: true,
};

function channel(
  id: ChannelName,
  name: string,
  kind: Channel['kind'],
  consent: Channel['consent'],
  costPerTouch: number,
): Channel {
  return {
    channelId: id as string as ChannelId,
    name,
    kind,
    performedBy: 'automatic',
    costPerTouch,
    leadTimeHours: 0,
    hours: null,
    consent,
    capacityPerDay: null,
  };
}

const channels: Channel[] = [
  channel('social', 'Social media, with e-mail and mobile', 'social', 'opt-in', 0.03),
  channel('mobile', 'Mobile app, with e-mail', 'app', 'opt-in', 0.02),
  channel('web', 'Web, with e-mail', 'web', 'opt-out', 0.01),
  channel('email', 'E-mail', 'email', 'opt-in', 0.01),
];

/** Channels on which a person must have agreed: whoever was reached there had. */
export const optInChannels: readonly string[] = channels
  .filter(({ consent }) => consent === 'opt-in')
  .map(({ channelId }) => channelId);

const outcomes: OutcomeDefinition[] = [
  {
    outcomeId: 'view' as OutcomeId,
    event: 'Offer Viewed',
    where: null,
    withinDays: WITHIN_DAYS,
    value: null,
    engagement: true,
  },
  {
    outcomeId: 'complete' as OutcomeId,
    event: 'Offer Completed',
    where: 'event.properties.viewed == true',
    withinDays: WITHIN_DAYS,
    value: null,
    engagement: false,
  },
];

function action(offer: Offer): Action {
  return {
    actionId: actionIdOf(offer),
    name: offerName(offer),
    intent: offer.kind === 'informational' ? 'content' : 'offer',
    purpose: 'marketing',
    productIds: [drinks],
    topics: [offer.kind],
    channelIds: [touchChannel(offer) as string as ChannelId],
    eligibility: null,
    outcomeId: (offer.kind === 'informational' ? 'view' : 'complete') as OutcomeId,
    value: offerValue(offer),
    discount: null,
    lever: 1,
    mandatory: false,
    validFrom: null,
    validUntil: null,
  };
}

function treatment(offer: Offer): Treatment {
  const title = offerName(offer);
  return {
    actionId: actionIdOf(offer),
    treatmentId: `${actionIdOf(offer)}-${touchChannel(offer)}` as TreatmentId,
    channelId: touchChannel(offer) as string as ChannelId,
    locale: null,
    title,
    body: `${title}. Sent over ${offer.channels.join(', ')}.`,
    contentId: null,
  };
}
