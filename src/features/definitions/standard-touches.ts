import type { FeatureDefinition } from './definition.js';
import { touches } from './event-names.js';

const contact = { per: 'contact' } as const;
const touch = { ...contact, events: touches } as const;
const touchOnChannel = { ...touch, by: 'channel' } as const;
const touchWithAction = { ...touch, by: 'action' } as const;
const touchOnProduct = { ...touch, by: 'product' } as const;
const touchByRole = { ...touch, by: 'role', model: false } as const;

const days = 'days';
const touchesUnit = 'touches';

/** Who contacted the contact, about what, and when. */
export const touchFeatures: readonly FeatureDefinition[] = [
  {
    ...touch,
    name: 'touches',
    kind: 'count',
    unit: touchesUnit,
    description: 'Touches of the contact, ever',
  },
  {
    ...touch,
    name: 'touches7',
    kind: 'decayed-sum',
    halfLifeDays: 7,
    unit: touchesUnit,
    description: 'Touches of the contact, half-life 7 days',
  },
  {
    ...touch,
    name: 'touches30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    unit: touchesUnit,
    description: 'Touches of the contact, half-life 30 days',
  },
  {
    ...touch,
    name: 'touches90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    unit: touchesUnit,
    description: 'Touches of the contact, half-life 90 days',
  },
  {
    ...touch,
    name: 'daysSinceTouch',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact was last touched by anybody',
  },
  {
    ...touchOnChannel,
    name: 'channelTouches30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    unit: touchesUnit,
    description: 'Touches of the contact on this channel, half-life 30 days',
  },
  {
    ...touchOnChannel,
    name: 'channelTouches90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    unit: touchesUnit,
    description: 'Touches of the contact on this channel, half-life 90 days',
  },
  {
    ...touchOnChannel,
    name: 'daysSinceChannelTouch',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact was last touched on this channel',
  },
  {
    ...touchWithAction,
    name: 'actionTouches',
    kind: 'count',
    unit: touchesUnit,
    description: 'Touches of the contact with this action, ever',
  },
  {
    ...touchWithAction,
    name: 'actionTouches30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    unit: touchesUnit,
    description: 'Touches of the contact with this action, half-life 30 days',
  },
  {
    ...touchWithAction,
    name: 'daysSinceActionTouch',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact was last touched with this action',
  },
  {
    ...touchOnProduct,
    name: 'productTouches30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    unit: touchesUnit,
    description: 'Touches of the contact about this product, half-life 30 days',
  },
  {
    ...touchOnProduct,
    name: 'daysSinceProductTouch',
    kind: 'recency',
    unit: days,
    description: 'Days since the contact was last touched about this product',
  },
  {
    ...touchByRole,
    name: 'roleTouches30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    unit: touchesUnit,
    description: 'Touches of the contact by this role, half-life 30 days',
  },
  {
    ...touchByRole,
    name: 'daysSinceRoleTouch',
    kind: 'recency',
    unit: days,
    description: 'Days since this role last touched the contact',
  },
  {
    ...contact,
    events: ['Visit Logged'],
    name: 'daysSinceVisit',
    kind: 'recency',
    unit: days,
    description: 'Days since the last visit to the contact',
  },
  {
    ...contact,
    events: ['Call Logged'],
    name: 'daysSinceCall',
    kind: 'recency',
    unit: days,
    description: 'Days since the last call to the contact',
  },
  {
    ...contact,
    events: ['Email Sent'],
    name: 'daysSinceEmail',
    kind: 'recency',
    unit: days,
    description: 'Days since the last e-mail to the contact',
  },
  {
    ...contact,
    events: ['Message Sent'],
    name: 'daysSinceMessage',
    kind: 'recency',
    unit: days,
    description: 'Days since the last message to the contact',
  },
];
