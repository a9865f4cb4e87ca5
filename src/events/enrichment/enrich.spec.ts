import { describe, expect, it } from '@jest/globals';
import type { Catalogue } from '../../catalogue/index.js';
import type { JsonObject } from '../../shared/index.js';
import { enrich, enrichmentWorld } from './enrich.js';

const map = (entries: Record<string, object>): ReadonlyMap<string, object> =>
  new Map(Object.entries(entries));

const catalogue = {
  version: 1,
  products: map({ p1: { topics: ['pain'] }, p2: { topics: ['pain', 'sleep'] } }),
  content: map({
    guide: {
      contentId: 'guide',
      url: 'https://a.example/guides/sleep/',
      topics: ['sleep'],
      stage: 'ask',
      productIds: ['p2'],
    },
  }),
  channels: map({
    newsletter: { channelId: 'newsletter', kind: 'email', performedBy: 'automatic' },
    'b-visit': { channelId: 'b-visit', kind: 'visit', performedBy: 'medical-liaison' },
    'a-visit': { channelId: 'a-visit', kind: 'visit', performedBy: 'account-manager' },
  }),
  actions: map({ offer: { productIds: ['p1'], topics: ['pain'], purpose: 'sales' } }),
} as object as Catalogue;
const world = enrichmentWorld(catalogue);

describe('enrichment', () => {
  it('reads an order: products, value, topics', () => {
    const order = {
      revenue: '40.5',
      products: [{ product_id: 'p1' }, { product_id: 'p2' }, { product_id: 'p1' }, 7],
    };
    expect(enrich('Order Completed', order, world)).toEqual({
      ...order,
      productIds: ['p1', 'p2'],
      value: 40.5,
      topics: ['pain', 'sleep'],
    });
  });

  it('sums the lines of an order that names no total', () => {
    const products: JsonObject[] = [
      { product_id: 'p1', price: 3, quantity: 2 },
      { product_id: 'p2', price: '4' },
    ];
    expect(enrich('Order Completed', { products }, world).value).toBe(10);
  });

  it('finds content by the address of a page, whatever host, query and slash', () => {
    expect(
      enrich('Page Viewed', { url: 'http://www.a.example/guides/sleep?utm=1#top' }, world),
    ).toMatchObject({
      contentId: 'guide',
      topics: ['sleep'],
      stage: 'ask',
      productIds: ['p2'],
    });
  });

  it('gives a touch its channel, who performs it, and the purpose of its action', () => {
    expect(enrich('Visit Logged', { actionId: 'offer' }, world)).toMatchObject({
      channel: 'a-visit',
      role: 'account-manager',
      purpose: 'sales',
      productIds: ['p1'],
    });
    expect(enrich('Email Sent', {}, world)).toEqual({ channel: 'newsletter' });
  });

  it('leaves what the sender said as it is, and what it cannot read alone', () => {
    const said = {
      channel: 'fax',
      topic: 'price',
      value: 1,
      revenue: 5,
      product_id: 'p1',
      contentId: 'guide',
    };
    expect(enrich('Email Opened', said, world)).toEqual({ ...said, productId: 'p1', stage: 'ask' });
    const nothing = { revenue: 'much', products: 'many', url: 7 };
    expect(enrich('Something', nothing, world)).toBe(nothing);
  });
});
