import { describe, expect, it } from '@jest/globals';
import {
  daysAgo,
  inDays,
  pastTouch,
  rule,
  surroundings,
  touch,
} from '../../../test/support/contact-policy.js';
import { compileCoolDown } from './cool-down.js';

const dismissal = (changes: object): object => ({
  contactId: 'ana',
  actionId: 'newsletter',
  productId: 'P',
  channelId: 'email',
  reason: 'wrong-time',
  at: daysAgo(1),
  ...changes,
});

const wrongTime = rule({ kind: 'cool-down', days: 3, after: 'wrong-time', scope: 'action' });
const wrongProduct = rule({ kind: 'cool-down', days: 90, after: 'wrong-product', scope: 'product' });
const wrongChannel = rule({ kind: 'cool-down', days: 60, after: 'wrong-channel', scope: 'channel' });
const afterTouch = rule({ kind: 'cool-down', days: 3, after: 'touch', scope: 'action' });

describe('a cool-down', () => {
  it('lets a dismissed action rest for its days, with the reason', () => {
    const cooling = compileCoolDown(wrongTime, surroundings({ dismissals: [dismissal({})] }));
    expect(cooling?.refuses(touch())).toEqual({
      rule: 'cool-down',
      ruleId: 'rule',
      because: 'It was dismissed as wrong-time on 2026-11-17 11:00 UTC; the action rests for 3 days.',
      until: inDays(2),
    });
    expect(cooling?.refuses(touch({ actionId: 'invitation' }))).toBeUndefined();
    expect(cooling?.refuses(touch({ contactId: 'ben' }))).toBeUndefined();
  });

  it('is over after its days, and not for another reason', () => {
    const old = dismissal({ at: daysAgo(3) });
    const other = dismissal({ reason: 'other' });
    expect(compileCoolDown(wrongTime, surroundings({ dismissals: [old, other] }))).toBeUndefined();
  });

  it('tells what was carried out from what was called done already', () => {
    const after = (cause: 'completed' | 'already-done') =>
      compileCoolDown(
        rule({ kind: 'cool-down', days: 14, after: cause, scope: 'action' }),
        surroundings({ dismissals: [dismissal({ reason: 'completed' })] }),
      );
    expect(after('completed')?.refuses(touch())).toMatchObject({
      because: 'It was carried out on 2026-11-17 11:00 UTC; the action rests for 14 days.',
      until: inDays(13),
    });
    expect(after('already-done')).toBeUndefined();
  });

  it('lets the product rest in every action about it', () => {
    const dismissals = [dismissal({ reason: 'wrong-product' })];
    const cooling = compileCoolDown(wrongProduct, surroundings({ dismissals }));
    expect(cooling?.refuses(touch({ actionId: 'invitation', productIds: ['Q', 'P'] }))?.until).toEqual(
      inDays(89),
    );
    expect(cooling?.refuses(touch({ productIds: ['Q'] }))).toBeUndefined();
  });

  it('lets the action rest where the dismissed one had no product', () => {
    const dismissals = [dismissal({ reason: 'wrong-product', productId: null })];
    const cooling = compileCoolDown(wrongProduct, surroundings({ dismissals }));
    expect(cooling?.refuses(touch())).toBeDefined();
    expect(cooling?.refuses(touch({ actionId: 'invitation' }))).toBeUndefined();
  });

  it('lets the channel rest for whatever is sent over it', () => {
    const dismissals = [dismissal({ reason: 'wrong-channel' })];
    const cooling = compileCoolDown(wrongChannel, surroundings({ dismissals }));
    expect(cooling?.refuses(touch({ actionId: 'invitation' }))?.until).toEqual(inDays(59));
    expect(cooling?.refuses(touch({ channelId: 'visit' }))).toBeUndefined();
  });

  it('holds for a mandatory action after a dismissal, but not after a touch', () => {
    const past = surroundings({ dismissals: [dismissal({})], touches: [pastTouch(daysAgo(1))] });
    expect(compileCoolDown(wrongTime, past)?.refuses(touch({ mandatory: true }))).toBeDefined();
    expect(compileCoolDown(afterTouch, past)?.refuses(touch())?.until).toEqual(inDays(2));
    expect(compileCoolDown(afterTouch, past)?.refuses(touch({ mandatory: true }))).toBeUndefined();
  });

  it('names the rest that lasts longest', () => {
    const touches = [pastTouch(daysAgo(2)), pastTouch(daysAgo(1)), pastTouch(daysAgo(2.5))];
    expect(compileCoolDown(afterTouch, surroundings({ touches }))?.refuses(touch())?.until).toEqual(
      inDays(2),
    );
  });
});
