import { describe, expect, it } from '@jest/globals';
import type { AccountId, Catalogue } from '../../catalogue/index.js';
import type { AccountEvent } from '../../events/index.js';
import { catalogue, channel, product } from '../../../test/support/recommender.js';
import { earnedBy, meanMarginShare, touchCostPerWeek } from './margins.js';

const shop: Catalogue = catalogue({
  actions: [],
  channels: [channel('visit', { kind: 'visit', costPerTouch: 35 })],
  products: [product('P', { price: 100, margin: 40 }), product('Q', { price: 300, margin: 60 })],
});
const ACCOUNT = 'acme' as AccountId;

const event = (name: string, day: number, properties: object): AccountEvent =>
  ({
    name,
    accountId: ACCOUNT,
    occurredAt: new Date(Date.UTC(2026, 0, day)),
    properties,
  }) as AccountEvent;
const bought = (day: number, properties: object) => event('Order Completed', day, properties);
const earned = (...events: AccountEvent[]) =>
  earnedBy(ACCOUNT, events, shop, meanMarginShare(shop)).map(({ value }) => value);

describe('what is earned by a purchase', () => {
  it('is the margin of what was bought, as often as it was bought', () => {
    expect(earned(bought(1, { productId: 'P', value: 100 }))).toEqual([40]);
    expect(earned(bought(1, { productId: 'P', value: 300 }))).toEqual([120]);
    const lines = [
      { product_id: 'P', price: 100, quantity: 2 },
      { product_id: 'Q', price: 300 },
    ];
    expect(earned(bought(1, { productIds: ['P', 'Q'], products: lines, value: 500 }))).toEqual([140]);
  });

  it('is less what was given away on the price', () => {
    const lines = [{ product_id: 'P', price: 75, quantity: 2 }];
    expect(earned(bought(1, { productIds: ['P'], products: lines, value: 150 }))).toEqual([30]);
    // sold at a loss: no purchase that is worth coming back for
    expect(earned(bought(1, { productId: 'P', value: 50 }))).toEqual([]);
  });

  it('is the usual share where the product is not known', () => {
    expect(earned(bought(1, { productId: 'X', value: 400 }))).toEqual([100]);
    expect(earned(bought(1, { value: 400 }))).toEqual([100]);
  });

  it('is less what came back, and nothing of what came back whole', () => {
    const order = bought(1, { productId: 'P', value: 200 });
    expect(earned(order, event('Order Refunded', 3, { productId: 'P', value: 100 }))).toEqual([40]);
    expect(earned(order, event('Order Refunded', 3, { productId: 'P', value: 200 }))).toEqual([]);
  });
});

describe('what keeping in touch costs', () => {
  it('is the cost of the touches a week, over the time that is known', () => {
    const events = [
      event('Product Viewed', 1, {}),
      event('Visit Logged', 8, { channel: 'visit' }),
      event('Visit Logged', 15, { channel: 'visit' }),
    ];
    expect(touchCostPerWeek(events, shop, new Date(Date.UTC(2026, 0, 36)))).toBeCloseTo(70 / 5, 9);
    expect(touchCostPerWeek([], shop, new Date(Date.UTC(2026, 0, 36)))).toBe(0);
  });
});
