import type { FeatureDefinition } from './definition.js';
import { ownActivity, reads } from './event-names.js';

const eachEvent = { per: 'account', by: 'event', events: '*', model: false } as const;
const activity = { per: 'contact', events: ownActivity } as const;
const read = { per: 'contact', events: reads } as const;
const readOfProduct = { per: 'account', by: 'product', events: reads } as const;
const readOfTopic = { per: 'contact', by: 'topic', events: reads } as const;
const activityOnChannel = { per: 'contact', by: 'channel', events: ownActivity } as const;

const eventsUnit = 'events';
/** Every company has events of its own, with names that nobody foresaw. */
const ofAnyName = { per: 'account', events: '*', kind: 'decayed-sum', unit: eventsUnit } as const;
const days = 'days';

/** What happens, how often and how lately: by event, and of the customer's own activity. */
export const activityFeatures: readonly FeatureDefinition[] = [
  {
    ...eachEvent,
    name: 'eventFrequency7',
    kind: 'decayed-sum',
    halfLifeDays: 7,
    unit: eventsUnit,
    description: 'Events of this name on the account, half-life 7 days',
  },
  {
    ...eachEvent,
    name: 'eventFrequency30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    unit: eventsUnit,
    description: 'Events of this name on the account, half-life 30 days',
  },
  {
    ...eachEvent,
    name: 'eventFrequency90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    unit: eventsUnit,
    description: 'Events of this name on the account, half-life 90 days',
  },
  {
    ...eachEvent,
    name: 'daysSinceEvent',
    kind: 'recency',
    unit: days,
    description: 'Days since the last event of this name on the account',
  },
  {
    per: 'account',
    events: '*',
    name: 'tenureDays',
    kind: 'tenure',
    unit: days,
    description: 'Days since the first event of the account',
  },
  {
    ...ofAnyName,
    name: 'events30',
    halfLifeDays: 30,
    description: 'Events of the account, whatever their names, half-life 30 days',
  },
  {
    ...ofAnyName,
    by: 'product',
    name: 'productEvents14',
    halfLifeDays: 14,
    description: 'Events that name this product, whatever their own names, half-life 14 days',
  },
  {
    ...ofAnyName,
    by: 'product',
    name: 'productEvents90',
    halfLifeDays: 90,
    description: 'Events that name this product, whatever their own names, half-life 90 days',
  },
  {
    ...ofAnyName,
    per: 'contact',
    by: 'channel',
    name: 'channelEvents90',
    halfLifeDays: 90,
    description: 'Events of the contact on this channel, whatever their names, half-life 90 days',
  },
  {
    ...activity,
    name: 'activity7',
    kind: 'decayed-sum',
    halfLifeDays: 7,
    unit: eventsUnit,
    description: 'What the contact did of their own accord, half-life 7 days',
  },
  {
    ...activity,
    name: 'activity30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    unit: eventsUnit,
    description: 'What the contact did of their own accord, half-life 30 days',
  },
  {
    ...activity,
    name: 'activity90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    unit: eventsUnit,
    description: 'What the contact did of their own accord, half-life 90 days',
  },
  {
    ...activity,
    name: 'daysSinceActivity',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact last did anything',
  },
  {
    ...activity,
    name: 'channelDiversity',
    kind: 'diversity',
    value: 'channel',
    windowDays: 90,
    unit: 'channels',
    description: 'Different channels that the contact used in the last 90 days',
  },
  {
    ...activity,
    name: 'activityHours',
    kind: 'histogram',
    model: false,
    unit: 'hour of the week',
    description:
      'When in the week the contact is active, local time; as one number the busiest hour, Monday 00:00 is 0',
  },
];

/** What customers look at and ask about. */
export const interestFeatures: readonly FeatureDefinition[] = [
  {
    ...read,
    name: 'reads3',
    kind: 'decayed-sum',
    halfLifeDays: 3,
    unit: 'reads',
    description: 'Pages, content, products, searches and questions of the contact, half-life 3 days',
  },
  {
    ...read,
    name: 'reads14',
    kind: 'decayed-sum',
    halfLifeDays: 14,
    unit: 'reads',
    description: 'Pages, content, products, searches and questions of the contact, half-life 14 days',
  },
  {
    ...read,
    name: 'reads60',
    kind: 'decayed-sum',
    halfLifeDays: 60,
    unit: 'reads',
    description: 'Pages, content, products, searches and questions of the contact, half-life 60 days',
  },
  {
    ...read,
    name: 'daysSinceRead',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact last looked at or asked about anything',
  },
  {
    ...readOfProduct,
    name: 'productInterest3',
    kind: 'decayed-sum',
    halfLifeDays: 3,
    unit: 'reads',
    description: 'Interest of the account in this product, half-life 3 days',
  },
  {
    ...readOfProduct,
    name: 'productInterest14',
    kind: 'decayed-sum',
    halfLifeDays: 14,
    unit: 'reads',
    description: 'Interest of the account in this product, half-life 14 days',
  },
  {
    ...readOfProduct,
    name: 'productInterest60',
    kind: 'decayed-sum',
    halfLifeDays: 60,
    unit: 'reads',
    description: 'Interest of the account in this product, half-life 60 days',
  },
  {
    ...readOfProduct,
    name: 'daysSinceProductInterest',
    kind: 'recency',
    unit: days,
    description: 'Days since the account last showed interest in this product',
  },
  {
    ...readOfTopic,
    name: 'topicInterest3',
    kind: 'decayed-sum',
    halfLifeDays: 3,
    unit: 'reads',
    description: 'Interest of the contact in this topic, half-life 3 days',
  },
  {
    ...readOfTopic,
    name: 'topicInterest14',
    kind: 'decayed-sum',
    halfLifeDays: 14,
    unit: 'reads',
    description: 'Interest of the contact in this topic, half-life 14 days',
  },
  {
    ...readOfTopic,
    name: 'topicInterest60',
    kind: 'decayed-sum',
    halfLifeDays: 60,
    unit: 'reads',
    description: 'Interest of the contact in this topic, half-life 60 days',
  },
  {
    ...readOfTopic,
    name: 'daysSinceTopicInterest',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact last showed interest in this topic',
  },
  {
    ...activityOnChannel,
    name: 'channelActivity3',
    kind: 'decayed-sum',
    halfLifeDays: 3,
    unit: eventsUnit,
    description: 'What the contact did on this channel, half-life 3 days',
  },
  {
    ...activityOnChannel,
    name: 'channelActivity14',
    kind: 'decayed-sum',
    halfLifeDays: 14,
    unit: eventsUnit,
    description: 'What the contact did on this channel, half-life 14 days',
  },
  {
    ...activityOnChannel,
    name: 'channelActivity60',
    kind: 'decayed-sum',
    halfLifeDays: 60,
    unit: eventsUnit,
    description: 'What the contact did on this channel, half-life 60 days',
  },
  {
    ...activityOnChannel,
    name: 'daysSinceChannelActivity',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact was last active on this channel',
  },
];
