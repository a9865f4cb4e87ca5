import type { FeatureDefinition } from './definition.js';
import { negatives, noticed, responses, successes, touches } from './event-names.js';

const contact = { per: 'contact' } as const;
const response = { ...contact, events: responses } as const;
const responseOnChannel = { ...response, by: 'channel' } as const;
const responseToAction = { ...response, by: 'action' } as const;
const responseOnProduct = { ...response, by: 'product' } as const;
const success = { ...contact, events: successes } as const;
const negative = { ...contact, events: negatives } as const;

const days = 'days';
const responsesUnit = 'responses';
const perTouch = 'per touch';

/** Rates lean on these until an account has history of its own; the model calibrates. */
const responseRate = {
  kind: 'rate',
  bottom: touches,
  halfLifeDays: 90,
  prior: 0.2,
  strength: 3,
  unit: perTouch,
} as const;
const successRate = {
  kind: 'rate',
  bottom: touches,
  halfLifeDays: 90,
  prior: 0.05,
  strength: 3,
  unit: perTouch,
} as const;
/** Without a prior: the same habit has the same value however long the log is. */
const share = {
  ...contact,
  kind: 'rate',
  bottom: touches,
  halfLifeDays: 365,
  prior: 0,
  strength: 0,
  unit: perTouch,
} as const;
const emailRate = {
  ...contact,
  kind: 'rate',
  bottom: ['Email Sent'],
  halfLifeDays: 180,
  strength: 5,
  unit: 'per e-mail',
} as const;

/** What came back. */
export const responseFeatures: readonly FeatureDefinition[] = [
  {
    ...response,
    name: 'responses',
    kind: 'count',
    unit: responsesUnit,
    description: 'Responses of the contact, ever',
  },
  {
    ...response,
    name: 'responses7',
    kind: 'decayed-sum',
    halfLifeDays: 7,
    unit: responsesUnit,
    description: 'Responses of the contact, half-life 7 days',
  },
  {
    ...response,
    name: 'responses30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    unit: responsesUnit,
    description: 'Responses of the contact, half-life 30 days',
  },
  {
    ...response,
    name: 'daysSinceResponse',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact last responded',
  },
  {
    ...responseOnChannel,
    name: 'channelResponses30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    unit: responsesUnit,
    description: 'Responses of the contact on this channel, half-life 30 days',
  },
  {
    ...responseOnChannel,
    name: 'daysSinceChannelResponse',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact last responded on this channel',
  },
  {
    ...responseToAction,
    name: 'actionResponses',
    kind: 'count',
    unit: responsesUnit,
    description: 'Responses of the contact to this action, ever',
  },
  {
    ...responseToAction,
    name: 'actionResponses30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    unit: responsesUnit,
    description: 'Responses of the contact to this action, half-life 30 days',
  },
  {
    ...responseToAction,
    name: 'daysSinceActionResponse',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact last responded to this action',
  },
  {
    ...responseOnProduct,
    name: 'productResponses30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    unit: responsesUnit,
    description: 'Responses of the contact about this product, half-life 30 days',
  },
  {
    ...responseOnProduct,
    name: 'daysSinceProductResponse',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact last responded about this product',
  },
  {
    ...success,
    name: 'successes',
    kind: 'count',
    unit: 'successes',
    description: 'Touches of the contact that reached their aim, ever',
  },
  {
    ...success,
    name: 'daysSinceSuccess',
    kind: 'recency',
    unit: days,
    description: 'Days since a touch of the contact last reached its aim',
  },
  {
    ...success,
    by: 'action',
    name: 'actionSuccesses',
    kind: 'count',
    unit: 'successes',
    description: 'Times that the contact took up this action, ever',
  },
  {
    ...success,
    by: 'action',
    name: 'daysSinceActionSuccess',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact last took up this action',
  },
  {
    ...negative,
    name: 'negatives90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    unit: responsesUnit,
    description: 'Refusals, bounces, unsubscriptions and complaints of the contact, half-life 90 days',
  },
  {
    ...negative,
    name: 'daysSinceNegative',
    kind: 'recency',
    unit: days,
    description: 'Days since the last refusal, bounce, unsubscription or complaint of the contact',
  },
  {
    ...negative,
    by: 'channel',
    name: 'channelNegatives90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    unit: responsesUnit,
    description: 'Negative responses of the contact on this channel, half-life 90 days',
  },
  {
    ...negative,
    by: 'action',
    name: 'actionNegatives90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    unit: responsesUnit,
    description: 'Negative responses of the contact to this action, half-life 90 days',
  },
];

/** What came back, for each touch. */
export const rateFeatures: readonly FeatureDefinition[] = [
  {
    ...response,
    ...responseRate,
    name: 'responseRate',
    description: 'Responses of the contact for each touch',
  },
  {
    ...responseOnChannel,
    ...responseRate,
    name: 'channelResponseRate',
    description: 'Responses of the contact for each touch on this channel',
  },
  {
    ...responseToAction,
    ...responseRate,
    name: 'actionResponseRate',
    description: 'Responses of the contact for each touch with this action',
  },
  {
    ...response,
    ...responseRate,
    by: 'treatment',
    name: 'treatmentResponseRate',
    description: 'Responses of the contact for each touch in this wording',
  },
  {
    ...success,
    ...successRate,
    name: 'successRate',
    description: 'Aims reached for each touch of the contact',
  },
  {
    ...success,
    ...successRate,
    by: 'channel',
    name: 'channelSuccessRate',
    description: 'Aims reached for each touch of the contact on this channel',
  },
  {
    ...success,
    ...successRate,
    by: 'action',
    name: 'actionSuccessRate',
    description: 'Aims reached for each touch of the contact with this action',
  },
  {
    ...contact,
    ...responseRate,
    events: ['Offer Viewed'],
    name: 'offerViewRate',
    description: 'Offers viewed by the contact for each touch',
  },
  {
    ...share,
    events: noticed,
    name: 'noticedShare',
    description:
      'Share of the touches of the contact that were opened or viewed, the later ones weighing more',
  },
  {
    ...share,
    events: successes,
    name: 'successShare',
    description: 'Aims reached for each touch of the contact, without a prior',
  },
  {
    ...emailRate,
    events: ['Email Opened'],
    prior: 0.2,
    name: 'emailOpenRate',
    description: 'Opens for each e-mail to the contact',
  },
  {
    ...emailRate,
    events: ['Email Link Clicked'],
    prior: 0.03,
    name: 'emailClickRate',
    description: 'Clicks for each e-mail to the contact',
  },
  {
    ...emailRate,
    events: ['Email Replied'],
    prior: 0.01,
    name: 'emailReplyRate',
    description: 'Replies for each e-mail to the contact',
  },
];
