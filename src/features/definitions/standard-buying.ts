import type { FeatureDefinition } from './definition.js';
import { orders } from './event-names.js';

const order = { per: 'account', events: orders } as const;
const orderOfProduct = { per: 'account', by: 'product', events: orders } as const;

const money = 'money';
const days = 'days';

/** What the account bought. Money is in the configured currency. */
export const buyingFeatures: readonly FeatureDefinition[] = [
  { ...order, name: 'orders', kind: 'count', unit: 'orders', description: 'Orders of the account, ever' },
  {
    ...order,
    name: 'orders90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    unit: 'orders',
    description: 'Orders of the account, half-life 90 days',
  },
  {
    ...order,
    name: 'spend30',
    kind: 'decayed-sum',
    halfLifeDays: 30,
    value: 'value',
    unit: money,
    description: 'Spend of the account, half-life 30 days',
  },
  {
    ...order,
    name: 'spend90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    value: 'value',
    unit: money,
    description: 'Spend of the account, half-life 90 days',
  },
  {
    ...order,
    name: 'spend365',
    kind: 'decayed-sum',
    halfLifeDays: 365,
    value: 'value',
    unit: money,
    description: 'Spend of the account, half-life 365 days',
  },
  {
    ...order,
    name: 'orderPace',
    kind: 'pace',
    leastDays: 3,
    unit: 'orders a day',
    description: 'Orders of the account a day, since its first event',
  },
  {
    ...order,
    name: 'spendPace',
    kind: 'pace',
    leastDays: 3,
    value: 'value',
    unit: 'money a day',
    description: 'Spend of the account a day, since its first event',
  },
  {
    ...order,
    name: 'meanOrderValue',
    kind: 'mean',
    halfLifeDays: 180,
    value: 'value',
    unit: money,
    description: 'Mean value of an order, the later ones weighing more (half-life 180 days)',
  },
  {
    ...order,
    name: 'daysSinceOrder',
    kind: 'recency',
    unit: days,
    description: 'Days since the last order of the account',
  },
  {
    ...orderOfProduct,
    name: 'productOrders',
    kind: 'count',
    unit: 'orders',
    description: 'Orders of this product by the account, ever',
  },
  {
    ...orderOfProduct,
    name: 'productOrders90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    unit: 'orders',
    description: 'Orders of this product by the account, half-life 90 days',
  },
  {
    ...orderOfProduct,
    name: 'productSpend90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    value: 'value',
    unit: money,
    description: 'Spend of the account on this product, half-life 90 days',
  },
  {
    ...orderOfProduct,
    name: 'daysSinceProductOrder',
    kind: 'recency',
    unit: days,
    description: 'Days since the account last ordered this product',
  },
  {
    per: 'account',
    events: ['Product Added'],
    name: 'daysSinceProductAdded',
    kind: 'recency',
    unit: days,
    description: 'Days since something was last put into a basket',
  },
  {
    per: 'account',
    events: ['Order Refunded'],
    name: 'refunds90',
    kind: 'decayed-sum',
    halfLifeDays: 90,
    unit: 'refunds',
    description: 'Refunded orders of the account, half-life 90 days',
  },
];
