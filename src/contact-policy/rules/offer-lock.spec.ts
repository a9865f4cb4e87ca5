import { describe, expect, it } from '@jest/globals';
import { daysAgo, inDays, rule, surroundings, touch } from '../../../test/support/contact-policy.js';
import { compileOfferLock } from './offer-lock.js';

const lock = rule({ kind: 'offer-lock', days: 30 });
const quote = (changes: object = {}): object => ({
  productId: 'P',
  price: 100,
  discount: null,
  quotedAt: daysAgo(10),
  validUntil: null,
  ...changes,
});
const offering = (price: number | null, discount: number | null = null): ReturnType<typeof touch> =>
  touch({ offer: { price, discount } });

describe('an offer lock', () => {
  it('refuses another price for a quoted product until the quote lapses', () => {
    const locked = compileOfferLock(lock, surroundings({ quotes: [quote()] }));
    expect(locked?.refuses(offering(90))).toEqual({
      rule: 'offer-lock',
      ruleId: 'rule',
      because:
        'The quote of 2026-11-08 11:00 UTC for P (price 100) binds every channel; other terms would contradict it.',
      until: inDays(20),
    });
  });

  it('lets the quoted price and touches without terms pass', () => {
    const locked = compileOfferLock(lock, surroundings({ quotes: [quote()] }));
    expect(locked?.refuses(offering(100))).toBeUndefined();
    expect(locked?.refuses(touch())).toBeUndefined();
    expect(
      locked?.refuses(touch({ productIds: ['Q'], offer: { price: 90, discount: null } })),
    ).toBeUndefined();
  });

  it('takes a discount for other terms, even at the same price', () => {
    const locked = compileOfferLock(lock, surroundings({ quotes: [quote({ discount: 0.1 })] }));
    expect(locked?.refuses(offering(100, 0.1))).toBeUndefined();
    expect(locked?.refuses(offering(100, 0.104))).toBeDefined();
    expect(locked?.refuses(offering(100))).toBeDefined();
  });

  it('ends with the validity of the quote', () => {
    expect(
      compileOfferLock(lock, surroundings({ quotes: [quote({ validUntil: daysAgo(1) })] })),
    ).toBeUndefined();
    const locked = compileOfferLock(lock, surroundings({ quotes: [quote({ validUntil: inDays(2) })] }));
    expect(locked?.refuses(offering(90))?.until).toEqual(inDays(2));
  });

  it('follows the latest quote for a product', () => {
    const quotes = [quote(), quote({ price: 80, quotedAt: daysAgo(1) })];
    const locked = compileOfferLock(lock, surroundings({ quotes }));
    expect(locked?.refuses(offering(80))).toBeUndefined();
    expect(locked?.refuses(offering(100))?.until).toEqual(inDays(29));
  });

  it('holds for a mandatory action', () => {
    const locked = compileOfferLock(lock, surroundings({ quotes: [quote()] }));
    expect(locked?.refuses(touch({ mandatory: true, offer: { price: 90, discount: null } }))).toBeDefined();
  });
});
