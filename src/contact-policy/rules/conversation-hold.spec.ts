import { describe, expect, it } from '@jest/globals';
import { daysAgo, inDays, rule, surroundings, touch } from '../../../test/support/contact-policy.js';
import { compileConversationHold } from './conversation-hold.js';

const hold = { kind: 'conversation-hold', silences: ['marketing'], while: 'conversation', days: 14 } as const;
const marketingIsSilent = rule({ ...hold, silences: [...hold.silences] });
const talk = (changes: object = {}): object => ({
  kind: 'conversation',
  conversationId: 'c1',
  contactIds: ['ana'],
  topics: [],
  openedAt: daysAgo(2),
  closedAt: null,
  ...changes,
});

describe('a conversation hold', () => {
  it('silences the named purposes of everybody in the account, at most its days', () => {
    const held = compileConversationHold(marketingIsSilent, surroundings({ threads: [talk()] }));
    expect(held?.refuses(touch({ contactId: 'ben' }))).toEqual({
      rule: 'conversation-hold',
      ruleId: 'rule',
      because:
        'A conversation (c1) has been open since 2026-11-16 11:00 UTC: no marketing until it is closed, at most 14 days.',
      until: inDays(12),
    });
    expect(held?.refuses(touch({ purpose: 'sales' }))).toBeUndefined();
  });

  it('holds for a mandatory action too', () => {
    const held = compileConversationHold(marketingIsSilent, surroundings({ threads: [talk()] }));
    expect(held?.refuses(touch({ mandatory: true }))).toBeDefined();
  });

  it('ends when the thread is closed or its days are over', () => {
    const threads = [
      talk({ closedAt: daysAgo(1) }),
      talk({ openedAt: daysAgo(14) }),
      talk({ kind: 'complaint' }),
    ];
    expect(compileConversationHold(marketingIsSilent, surroundings({ threads }))).toBeUndefined();
  });

  it('can be kept to the contact it is held with', () => {
    const perContact = rule({ ...hold, silences: ['marketing'], per: 'contact' });
    const held = compileConversationHold(perContact, surroundings({ threads: [talk()] }));
    expect(held?.refuses(touch())).toBeDefined();
    expect(held?.refuses(touch({ contactId: 'ben' }))).toBeUndefined();
  });

  it('silences sales and marketing while a complaint is open', () => {
    const complaint = rule({
      kind: 'conversation-hold',
      silences: ['sales', 'marketing'],
      while: 'complaint',
      days: 365,
    });
    const held = compileConversationHold(complaint, surroundings({ threads: [talk({ kind: 'complaint' })] }));
    expect(held?.refuses(touch({ purpose: 'sales' }))?.until).toEqual(inDays(363));
    expect(held?.refuses(touch({ purpose: 'service' }))).toBeUndefined();
  });
});
