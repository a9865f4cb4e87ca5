import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DismissalReason, PastDismissal } from '../contact-policy/index.js';
import { addDays } from '../shared/index.js';
import {
  avoidedHoursOf,
  closedWith,
  dismissalEffects,
  EFFECT_DAYS,
  faded,
  loweringsOf,
} from './dismissal-effects.js';

const at = new Date('2026-03-04T11:00:00Z');
const dismissed = (reason: DismissalReason, daysAgo = 0): PastDismissal =>
  ({
    contactId: 'ana',
    actionId: 'offer',
    productId: 'P',
    channelId: 'call',
    reason,
    at: addDays(at, -daysAgo),
    // Wednesday 10–12 in Berlin
    slot: {
      from: new Date('2026-03-04T09:00:00Z'),
      to: new Date('2026-03-04T11:00:00Z'),
      timeZone: 'Europe/Berlin',
    },
  }) as PastDismissal;

describe('what a dismissal lowers', () => {
  it('is the product for the whole account, and the channel for that contact', () => {
    expect(loweringsOf([dismissed('wrong-product'), dismissed('wrong-channel')], at)).toMatchObject([
      { productId: 'P', channelId: null, contactId: null, factor: expect.closeTo(0.3) },
      { productId: null, channelId: 'call', contactId: 'ana', factor: expect.closeTo(0.4) },
    ]);
  });

  it('is nothing when it was done, came at a wrong time, is reviewed or has no reason of its own', () => {
    const others = (['already-done', 'wrong-time', 'not-compliant', 'other'] as const).map((one) =>
      dismissed(one),
    );
    expect(loweringsOf(others, at)).toEqual([]);
  });

  it('fades by half every half-life, never grows and ends', () => {
    const { lowers } = dismissalEffects['wrong-product'];
    expect(faded(lowers!, 0)).toBeCloseTo(0.3);
    expect(faded(lowers!, 90)).toBeCloseTo(0.65);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 2000, noNaN: true }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        (age, more) => {
          const early = faded(lowers!, age);
          const late = faded(lowers!, age + more);
          return early >= 0.3 - 1e-12 && late <= 1 && late >= early - 1e-12;
        },
      ),
    );
    expect(loweringsOf([dismissed('wrong-product', EFFECT_DAYS + 1)], at)).toEqual([]);
  });
});

describe('a wrong time', () => {
  it('is told as hours of the week where the contact lives', () => {
    expect(avoidedHoursOf([dismissed('wrong-time')], at)).toEqual([
      {
        contactId: 'ana',
        hour: 2 * 24 + 10,
        hours: 2,
        sameDay: expect.closeTo(0.2),
        otherDays: expect.closeTo(0.5),
      },
    ]);
  });

  it('that names no slot moves nothing', () => {
    expect(avoidedHoursOf([{ ...dismissed('wrong-time'), slot: null }], at)).toEqual([]);
  });
});

describe('what gives way with a suggestion', () => {
  const one = (suggestionId: string, changes: object = {}) =>
    ({
      suggestionId,
      actionId: 'offer',
      contactId: 'ana',
      productId: 'P',
      channelId: 'call',
      ...changes,
    }) as never;
  const others = [
    one('s1'),
    one('s2', { channelId: 'visit' }),
    one('s3', { productId: 'Q' }),
    one('s4', { contactId: 'ben' }),
    one('s5', { actionId: 'other' }),
  ];
  const closed = (reason: DismissalReason) =>
    closedWith(dismissalEffects[reason], one('s1'), others).map(
      ({ suggestionId }: { suggestionId: string }) => suggestionId,
    );

  it('is the same for the contact on other channels when it is done', () => {
    expect(closed('already-done')).toEqual(['s2']);
  });

  it('is the action for everybody at the account when it may not be compliant', () => {
    expect(closed('not-compliant')).toEqual(['s2', 's3', 's4']);
  });

  it('is nothing else otherwise', () => {
    expect(closed('wrong-time')).toEqual([]);
  });
});
