import { describe, expect, it } from '@jest/globals';
import { NOW, touch } from '../../../test/support/contact-policy.js';
import { refusedByStock } from './stock.js';

const about = (available: boolean | { from: string }, purpose = 'sales'): ReturnType<typeof touch> =>
  touch({ purpose, productsAvailable: [{ productId: 'P', available }] });

describe('stock', () => {
  it('refuses to offer what is not available', () => {
    expect(refusedByStock(about(false), NOW)).toEqual({
      rule: 'stock',
      ruleId: null,
      because: 'Product P is not available.',
      until: null,
    });
  });

  it('waits for the day from which a product is available', () => {
    expect(refusedByStock(about({ from: '2026-12-01' }), NOW)).toMatchObject({
      because: 'Product P is not available before 2026-12-01.',
      until: new Date('2026-12-01T00:00:00Z'),
    });
    expect(refusedByStock(about({ from: '2026-11-18' }), NOW)).toBeUndefined();
    expect(refusedByStock(about(true), NOW)).toBeUndefined();
  });

  it('does not stand in the way of help with a product that is sold out', () => {
    expect(refusedByStock(about(false, 'service'), NOW)).toBeUndefined();
    expect(refusedByStock(about(false, 'medical'), NOW)).toBeUndefined();
  });
});
