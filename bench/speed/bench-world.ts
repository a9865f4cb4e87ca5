import type { Call } from './load.js';

/** The catalogue of the speed benchmark: 40 actions × 6 channels = 240 candidates, each channel with 2 windows a day. */
export const ACTIONS = 40;
export const PRODUCTS = 8;
const TOPICS = ['price', 'quality', 'delivery', 'service', 'safety', 'training'];
const CHANNELS = [
  {
    channelId: 'email',
    name: 'E-mail',
    kind: 'email',
    performedBy: 'automatic',
    costPerTouch: 0.1,
    consent: 'opt-in',
  },
  {
    channelId: 'visit',
    name: 'Visit',
    kind: 'visit',
    performedBy: 'account-manager',
    costPerTouch: 12,
    consent: 'opt-out',
  },
  {
    channelId: 'call',
    name: 'Call',
    kind: 'call',
    performedBy: 'account-manager',
    costPerTouch: 4,
    consent: 'opt-out',
  },
  {
    channelId: 'sms',
    name: 'Message',
    kind: 'sms',
    performedBy: 'automatic',
    costPerTouch: 0.2,
    consent: 'opt-in',
  },
  {
    channelId: 'letter',
    name: 'Letter',
    kind: 'mail',
    performedBy: 'automatic',
    costPerTouch: 1,
    consent: 'opt-out',
  },
  {
    channelId: 'web',
    name: 'Web',
    kind: 'web',
    performedBy: 'automatic',
    costPerTouch: 0.01,
    consent: 'opt-out',
  },
];
const WINDOWS = [
  ['09:00', '13:00'],
  ['13:00', '17:00'],
];
const everyDay = Object.fromEntries(
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, WINDOWS]),
);

const put = (path: string, body: unknown): PutCall => ({
  path: `/api/v1/${path}`,
  body: JSON.stringify(body),
});

export interface PutCall {
  path: string;
  body: string;
}

/** What has to be saved before the first account, in order. */
export function catalogue(): PutCall[] {
  const topic = (index: number): string => TOPICS[index % TOPICS.length] ?? 'price';
  return [
    ...CHANNELS.map(({ channelId, ...channel }) =>
      put(`channels/${channelId}`, { ...channel, leadTimeHours: 2, hours: everyDay }),
    ),
    ...Array.from({ length: PRODUCTS }, (_, index) =>
      put(`products/product-${index}`, {
        name: `Product ${index}`,
        price: 200 + 20 * index,
        margin: 60 + 5 * index,
        currency: 'EUR',
        topics: [topic(index)],
        available: true,
      }),
    ),
    put('outcome-definitions/order', { event: 'Order Completed', withinDays: 14 }),
    ...Array.from({ length: ACTIONS }, (_, index) =>
      put(`actions/action-${index}`, {
        name: `Action ${index}`,
        intent: index % 3 === 0 ? 'offer' : index % 3 === 1 ? 'content' : 'follow-up',
        purpose: index % 2 === 0 ? 'marketing' : 'sales',
        productIds: [`product-${index % PRODUCTS}`],
        topics: [topic(index)],
        channelIds: CHANNELS.map(({ channelId }) => channelId),
        eligibility: index % 4 === 0 ? 'account.segment != "closed"' : 'features.daysSinceOrder > 1.0',
        outcomeId: 'order',
        value: 100 + 3 * index,
      }),
    ),
    put('team-members/manager-0', { name: 'Manager', role: 'account-manager', email: 'manager@example.com' }),
  ];
}

const accountId = (index: number): string => `account-${String(index).padStart(6, '0')}`;

/** Accounts as lines of a bulk import. */
export function accountLines(from: number, to: number): string {
  return lines(from, to, (index) => ({
    accountId: accountId(index),
    name: `Account ${index}`,
    kind: 'person',
    segment: `segment-${index % 5}`,
    region: `region-${index % 9}`,
    country: 'DE',
    timeZone: 'Europe/Berlin',
    locale: 'en',
    mode: 'assisted',
  }));
}

/** A person-account is its own contact. */
export function contactLines(from: number, to: number): string {
  return lines(from, to, (index) => ({
    contactId: accountId(index),
    accountId: accountId(index),
    name: `Account ${index}`,
    email: `account-${index}@example.com`,
    phone: '+4930123456',
    timeZone: 'Europe/Berlin',
    locale: 'en',
  }));
}

export function assignmentLines(from: number, to: number): string {
  return lines(from, to, (index) => ({ accountId: accountId(index), memberId: 'manager-0' }));
}

/** Four in five allow e-mail, three in five messages. */
export function consentLines(from: number, to: number): string {
  return lines(from, to, (index) => ({
    contactId: accountId(index),
    channelId: index % 5 === 0 ? 'sms' : '*',
    purpose: '*',
    status: 'granted',
    source: 'contact',
  }));
}

function lines(from: number, to: number, of: (index: number) => unknown): string {
  let text = '';
  for (let index = from; index < to; index += 1) text += `${JSON.stringify(of(index))}\n`;
  return text;
}

const NAMES = [
  'Page Viewed',
  'Product Viewed',
  'Content Viewed',
  'Order Completed',
  'Email Opened',
  'Email Sent',
];

/** The event that comes as number `index`, at a time before `until`: the accounts take turns in a scattered order. */
export function benchEvent(index: number, accounts: number, until: number): Record<string, unknown> {
  const account = (index * 7919) % accounts;
  const name = NAMES[(index * 31 + Math.floor(index / accounts)) % NAMES.length] ?? 'Page Viewed';
  const product = (index * 13) % PRODUCTS;
  return {
    messageId: `bench-${index}`,
    name,
    accountId: accountId(account),
    contactId: accountId(account),
    occurredAt: new Date(until - ((index * 104_729) % 8_640_000) * 1000).toISOString(),
    properties: {
      channel: name.startsWith('Email') ? 'email' : 'web',
      productId: `product-${product}`,
      topic: TOPICS[product % TOPICS.length] ?? 'price',
      value: 100 + (index % 50),
      ...(name === 'Email Sent' ? { actionId: `action-${index % ACTIONS}` } : {}),
    },
  };
}

export const EVENTS_A_BATCH = 100;

/** Calls of the native ingestion route, 100 events each. */
export function ingestCalls(from: number, events: number, accounts: number, until: number): Call[] {
  return Array.from({ length: Math.floor(events / EVENTS_A_BATCH) }, (_, batch) => ({
    method: 'POST' as const,
    path: '/api/v1/events',
    body: JSON.stringify({
      events: Array.from({ length: EVENTS_A_BATCH }, (_unused, index) =>
        benchEvent(from + batch * EVENTS_A_BATCH + index, accounts, until),
      ),
    }),
  }));
}

export function decisionCalls(count: number, accounts: number): Call[] {
  return Array.from({ length: count }, (_, index) => ({
    method: 'POST' as const,
    path: '/api/v1/recommendations',
    body: JSON.stringify({ accountId: accountId((index * 6151) % accounts), fresh: true, limit: 3 }),
  }));
}
