import { describe, expect, it } from '@jest/globals';
import type { AccountId, Channel, ChannelId } from '../catalogue/index.js';
import { daysAgo, NOW, pastTouch, rule, ruleSet } from '../../test/support/contact-policy.js';
import { canReplay, replay, type ReplayedTouch } from './replay.js';
import type { ContactRule } from './rule.js';

const email = { channelId: 'email', kind: 'email' } as Channel;

const sent = (touchId: string, at: Date, changes: object = {}): ReplayedTouch => ({
  ...pastTouch(at, changes),
  touchId,
  topics: [],
  performedBy: 'automatic',
  mandatory: false,
  ...changes,
});

const over = (rules: ContactRule[], touches: ReplayedTouch[]): string[] =>
  replay(ruleSet(...rules), {
    accountId: 'acme' as AccountId,
    touches,
    from: daysAgo(10),
    to: NOW,
    channels: new Map([['email' as ChannelId, email]]),
    timeZoneOf: () => 'Europe/Berlin',
    country: 'DE',
  }).refused.map(({ touch, refusal }) => `${touch.touchId} ${refusal.rule}`);

describe('a replay of touches against rules', () => {
  const twoAWeek = rule({ kind: 'cap', limit: 2, days: 7, per: 'contact' });

  it('refuses what the rules would have refused, counting what came before the period', () => {
    const touches = [
      sent('a', daysAgo(12)),
      sent('b', daysAgo(9)),
      sent('c', daysAgo(8)),
      sent('d', daysAgo(1)),
    ];
    expect(over([twoAWeek], touches)).toEqual(['c cap']);
  });

  it('does not count a touch that would not have happened', () => {
    const touches = ['a', 'b', 'c', 'd'].map((id, index) => sent(id, daysAgo(8 - index)));
    const later = [...touches, sent('e', daysAgo(0.9))];
    expect(over([twoAWeek], later)).toEqual(['c cap', 'd cap']);
  });

  it('knows nights and mandatory actions', () => {
    const nights = rule({ kind: 'quiet-hours', from: '20:00', to: '08:00', restDays: [] });
    const night = new Date('2026-11-17T22:00:00Z');
    const touches = [sent('a', daysAgo(3)), sent('b', daysAgo(2)), sent('c', night, { mandatory: true })];
    expect(over([twoAWeek, nights], touches)).toEqual(['c quiet-hours']);
  });

  it('says which rules it cannot judge', () => {
    expect(canReplay(twoAWeek)).toBe(true);
    expect(canReplay(rule({ kind: 'cool-down', days: 3, after: 'touch', scope: 'action' }))).toBe(true);
    expect(canReplay(rule({ kind: 'cool-down', days: 3, after: 'other', scope: 'action' }))).toBe(false);
    expect(canReplay(rule({ kind: 'offer-lock', days: 3 }))).toBe(false);
  });
});
