import { describe, expect, it } from '@jest/globals';
import {
  daysAgo,
  inDays,
  NOW,
  pastTouch,
  rule,
  surroundings,
  touch,
} from '../../../test/support/contact-policy.js';
import { compileCap } from './cap.js';

const threeAWeek = rule({
  kind: 'cap',
  limit: 3,
  days: 7,
  per: 'contact',
  channelKind: 'email',
  purpose: 'marketing',
});
const sixDaysOfMail = [daysAgo(6), daysAgo(4), daysAgo(1)].map((at) => pastTouch(at));

describe('a cap', () => {
  it('refuses the touch above the limit until the oldest counted one leaves the window', () => {
    const cap = compileCap(threeAWeek, surroundings({ touches: sixDaysOfMail }));
    expect(cap?.refuses(touch())).toEqual({
      rule: 'cap',
      ruleId: 'rule',
      because: '3 marketing touches by email of this contact within 7 days (limit 3).',
      until: inDays(1),
    });
    expect(cap?.changesAt).toEqual(inDays(1));
  });

  it('is not there while the limit is not reached', () => {
    expect(compileCap(threeAWeek, surroundings({ touches: sixDaysOfMail.slice(1) }))).toBeUndefined();
  });

  it('slides: a touch exactly as old as the window no longer counts', () => {
    const touches = [pastTouch(daysAgo(7)), ...sixDaysOfMail.slice(1)];
    expect(compileCap(threeAWeek, surroundings({ touches }))).toBeUndefined();
  });

  it('waits for as many touches to leave as are above the limit', () => {
    const touches = [pastTouch(daysAgo(6.5)), ...sixDaysOfMail];
    const cap = compileCap(threeAWeek, surroundings({ touches }));
    expect(cap?.refuses(touch())?.until).toEqual(inDays(1));
  });

  it('counts a touch that is still planned', () => {
    const touches = [...sixDaysOfMail.slice(1), pastTouch(inDays(2))];
    const cap = compileCap(threeAWeek, surroundings({ touches }));
    expect(cap?.refuses(touch())?.until).toEqual(inDays(3));
  });

  it('counts a touch whose purpose nobody stated', () => {
    const touches = [...sixDaysOfMail.slice(1), pastTouch(NOW, { purpose: null })];
    expect(compileCap(threeAWeek, surroundings({ touches }))?.refuses(touch())?.rule).toBe('cap');
  });

  it('leaves other contacts, channels and purposes alone', () => {
    const cap = compileCap(threeAWeek, surroundings({ touches: sixDaysOfMail }));
    expect(cap?.refuses(touch({ contactId: 'ben' }))).toBeUndefined();
    expect(cap?.refuses(touch({ channelId: 'sms', channelKind: 'sms' }))).toBeUndefined();
    expect(cap?.refuses(touch({ purpose: 'service' }))).toBeUndefined();
  });

  it('lets a mandatory touch pass', () => {
    const cap = compileCap(threeAWeek, surroundings({ touches: sixDaysOfMail }));
    expect(cap?.refuses(touch({ mandatory: true }))).toBeUndefined();
  });

  it('counts over all contacts when it is per account', () => {
    const perAccount = rule({ kind: 'cap', limit: 2, days: 7, per: 'account' });
    const touches = [pastTouch(daysAgo(2), { contactId: 'ben' }), pastTouch(daysAgo(1), { contactId: null })];
    expect(compileCap(perAccount, surroundings({ touches }))?.refuses(touch())?.until).toEqual(inDays(5));
  });

  it('knows the kind of a channel by the catalogue', () => {
    const touches = sixDaysOfMail.map((past) => ({ ...past, channelId: 'newsletter-system' }));
    const channelKindOf = (): 'email' => 'email';
    expect(compileCap(threeAWeek, surroundings({ touches }))).toBeUndefined();
    expect(
      compileCap(threeAWeek, surroundings({ touches }, { channelKindOf }))?.refuses(touch()),
    ).toBeDefined();
  });
});
