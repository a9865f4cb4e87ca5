import { describe, expect, it } from '@jest/globals';
import type { ConsentFact } from '../consent/index.js';
import type { ContactRule } from '../contact-policy/index.js';
import { answer, ruleOf } from '../../test/support/answering.js';
import {
  action,
  channel,
  contact,
  happened,
  type Known,
  NOW,
  type Offering,
} from '../../test/support/recommender.js';

describe('contact policy', () => {
  const mails: Offering = {
    actions: [action('mail', { channelIds: ['email'], purpose: 'marketing' })],
    channels: [channel('email', { kind: 'email', consent: 'opt-in' })],
  };
  const fact = (changes: Partial<ConsentFact>): ConsentFact =>
    ({
      consentId: `c${Math.abs(changes.effectiveAt?.getTime() ?? 0)}`,
      accountId: 'acme',
      contactId: 'ana',
      channelId: 'email',
      purpose: '*',
      status: 'granted',
      source: 'contact',
      productId: null,
      topic: null,
      effectiveAt: new Date(0),
      expiresAt: null,
      recordedAt: new Date(0),
      recordedBy: 'test',
      wording: null,
      proof: null,
      ...changes,
    }) as ConsentFact;

  it('suggests nothing without consent and says why', () => {
    const made = answer(mails);
    expect(made.decision).toMatchObject({ suggestions: [], noAction: { reason: 'nothing-allowed' } });
    expect(made.decision.suppressed).toEqual([{ rule: 'consent', count: 1 }]);
  });

  it('takes only slots within which the consent holds, and expires when it lapses', () => {
    const expiresAt = new Date('2026-03-05T10:00:00Z');
    const { decision } = answer(mails, { consents: [fact({ expiresAt })] });
    expect(decision.suggestions[0]?.slot.to.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
    expect(decision.expiresAt.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
  });

  it('judges each contact of an account by its own consent', () => {
    const contacts = [contact(), contact({ contactId: 'bob', email: 'bob@example.test' })];
    const { decision } = answer(mails, { contacts, consents: [fact({})] }, { limit: 10 });
    expect(decision.suggestions.map(({ contactId }) => contactId)).toEqual(['ana']);
  });

  it('keeps quiet hours of the contact: slots lie in its own day', () => {
    const quiet: ContactRule = {
      ruleId: 'q' as ContactRule['ruleId'],
      kind: 'quiet-hours',
      from: '12:00',
      to: '08:00',
      restDays: 'country',
    };
    const contacts = [contact({ timeZone: 'Asia/Tehran' })];
    const { decision } = answer(
      { actions: [action('a')] },
      { contacts, account: { country: 'IR' } },
      {},
      { contactRules: [quiet] },
    );
    const [first] = decision.suggestions;
    expect(first?.slot.timeZone).toBe('Asia/Tehran');
    expect(first?.slot.from.toISOString()).toMatch(/T04:30/);
  });
});

describe('slots', () => {
  it('follow the hours in which the contact is active', () => {
    const channels = [
      channel('call', {
        hours: {
          thu: [
            ['09:00', '12:00'],
            ['14:00', '17:00'],
          ],
          fri: [['09:00', '12:00']],
        },
      }),
    ];
    const afternoons = [1, 2, 3, 4].map((week) => happened('Page Viewed', 24 * (7 * week - 1) - 3.5, {}));
    const slotFrom = (events: Known['events']) =>
      answer(
        { actions: [action('a')], channels },
        events ? { events } : {},
      ).decision.suggestions[0]?.slot.from.toISOString();
    expect(slotFrom([])).toBe('2026-03-05T08:00:00.000Z');
    expect(slotFrom(afternoons)).toBe('2026-03-05T13:00:00.000Z');
  });

  it('begin after the lead time of the channel, and refuse a channel without any hours', () => {
    const channels = [channel('call', { leadTimeHours: 48 }), channel('shut', { hours: {} })];
    const made = answer({ actions: [action('a'), action('b', { channelIds: ['shut'] })], channels });
    expect(made.decision.suggestions[0]!.slot.from.getTime()).toBeGreaterThanOrEqual(
      NOW.getTime() + 48 * 3_600_000,
    );
    expect(ruleOf(made, 'b')).toBe('quiet-hours');
  });
});
