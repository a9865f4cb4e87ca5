import { describe, expect, it } from '@jest/globals';
import { daysAgo, inDays, pastTouch, surroundings, touch } from '../../../test/support/contact-policy.js';
import type { ContactId } from '../../catalogue/index.js';
import type { PastTouch } from '../history.js';
import { compileOwnCaps } from './own-cap.js';

const ana = 'ana' as ContactId;
const capped = (touches: PastTouch[], limit = 2) =>
  compileOwnCaps(surroundings({ touches }, { ownCaps: new Map([[ana, limit]]) }));

describe("a contact's own cap", () => {
  const two = [pastTouch(daysAgo(5)), pastTouch(daysAgo(1), { purpose: 'service', channelId: 'sms' })];

  it('counts messages of every purpose and channel, and lapses with the oldest that counts', () => {
    const rule = capped(two);
    expect(rule?.refuses(touch())).toEqual({
      rule: 'cap',
      ruleId: null,
      because: 'The contact asked for at most 2 messages within 7 days, and had 2.',
      until: inDays(2),
    });
    expect(rule?.changesAt).toEqual(inDays(2));
  });

  it('binds her only, and messages only', () => {
    const rule = capped(two);
    expect(rule?.refuses(touch({ contactId: 'ben' }))).toBeUndefined();
    expect(rule?.refuses(touch({ channelKind: 'visit', channelId: 'visit' }))).toBeUndefined();
    expect(rule?.refuses(touch({ mandatory: true }))).toBeUndefined();
  });

  it('is no rule before it is reached', () => {
    expect(capped(two, 3)).toBeUndefined();
    expect(capped([pastTouch(daysAgo(7)), pastTouch(daysAgo(1))])).toBeUndefined();
    expect(capped([pastTouch(daysAgo(2), { channelId: 'visit' }), pastTouch(daysAgo(1))])).toBeUndefined();
    expect(capped([pastTouch(daysAgo(2), { contactId: 'ben' }), pastTouch(daysAgo(1))])).toBeUndefined();
    expect(compileOwnCaps(surroundings({ touches: two }))).toBeUndefined();
  });
});
