import { describe, expect, it } from '@jest/globals';
import { inDays } from '../../../test/support/contact-policy.js';
import { refusedByConsent } from './consent.js';

describe('consent as a rule', () => {
  it('passes on reason and end of the answer that refuses', () => {
    const until = inDays(3);
    expect(refusedByConsent({ allowed: false, because: 'Withdrawn.', until })).toEqual({
      rule: 'consent',
      ruleId: null,
      because: 'Withdrawn.',
      until,
    });
  });

  it('has nothing to say when consent allows', () => {
    expect(refusedByConsent({ allowed: true, because: 'Granted.', until: null })).toBeUndefined();
    expect(refusedByConsent(undefined)).toBeUndefined();
  });
});
