import { describe, expect, it } from '@jest/globals';
import { rule, touch } from '../../../test/support/contact-policy.js';
import { compileFirewall, hiddenFrom, isHidden } from './firewall.js';

const wall = compileFirewall(
  rule({ kind: 'firewall', topics: ['off-label'], hideFrom: ['account-manager', 'marketing'] }),
);

describe('the firewall', () => {
  it('hides a topic from a role', () => {
    expect(wall.refuses(touch({ topics: ['price', 'off-label'], viewerRole: 'account-manager' }))).toEqual({
      rule: 'firewall',
      ruleId: 'rule',
      because: 'The topic off-label is not shown to the role account-manager.',
      until: null,
    });
  });

  it('does not give a topic to a role to perform', () => {
    expect(wall.refuses(touch({ topics: ['off-label'], performedBy: 'marketing' }))?.because).toBe(
      'The topic off-label is not performed by the role marketing.',
    );
  });

  it('shows other topics, and the topic to other roles', () => {
    expect(wall.refuses(touch({ topics: ['price'], viewerRole: 'account-manager' }))).toBeUndefined();
    expect(
      wall.refuses(
        touch({ topics: ['off-label'], viewerRole: 'medical-liaison', performedBy: 'medical-liaison' }),
      ),
    ).toBeUndefined();
  });
});

describe('what the firewall hides from a role', () => {
  const rules = [
    rule({ kind: 'firewall', topics: ['off-label'], hideFrom: ['account-manager'] }),
    rule({ kind: 'firewall', topics: ['side-effects'], hideFrom: ['account-manager'], of: 'enquiries' }),
  ];
  const hidden = hiddenFrom({ rules }, 'account-manager');

  it('is everything about some topics, and of others only what a customer asked', () => {
    expect(isHidden(hidden, ['off-label'], false)).toBe(true);
    expect(isHidden(hidden, ['side-effects'], true)).toBe(true);
    expect(isHidden(hidden, ['side-effects'], false)).toBe(false);
    expect(isHidden(hidden, ['dosage'], true)).toBe(false);
  });

  it('is nothing for another role, nor for a machine', () => {
    expect(hiddenFrom({ rules }, 'medical-liaison')).toEqual({ topics: [], enquiries: [] });
    expect(hiddenFrom({ rules }, null)).toEqual({ topics: [], enquiries: [] });
  });
});
