import { describe, expect, it } from '@jest/globals';
import type { TimelineRow } from '../timeline-rows.js';
import { english } from './en.js';
import { persian } from './fa.js';
import { titleOf, wordsFor } from './title.js';

const catalogue = { channels: new Map(), actions: new Map(), products: new Map() };
const row = (more: Partial<TimelineRow>): TimelineRow => ({
  at: new Date('2026-03-02T09:00:00Z'),
  kind: 'event',
  key: 'k',
  recordId: 'r',
  name: 'Page Viewed',
  subject: null,
  state: null,
  text: null,
  channelId: null,
  memberId: null,
  contactId: null,
  actionId: null,
  productId: null,
  topics: [],
  sentiment: null,
  conversationId: null,
  closing: null,
  ...more,
});

describe('titles of a timeline', () => {
  it('say the same things in every language', () => {
    const keys = (words: object): object =>
      Object.fromEntries(
        Object.entries(words).map(([name, value]) => [
          name,
          typeof value === 'object' ? Object.keys(value).sort() : typeof value,
        ]),
      );
    expect(keys(persian)).toEqual(keys(english));
  });

  it('are in the language asked for, else in English', () => {
    expect(wordsFor('fa-IR')).toBe(persian);
    expect(wordsFor('de')).toBe(english);
    expect(wordsFor(null)).toBe(english);
    expect(titleOf(row({ subject: 'Prices' }), persian, catalogue)).toBe('بازدید صفحه: Prices');
  });

  it('keep the names of events that nobody gave words for', () => {
    expect(titleOf(row({ name: 'Trial Started' }), english, catalogue)).toBe('Trial Started');
  });

  it('say what a consent was about', () => {
    const consent = { kind: 'consent' as const, name: 'withdrawn', subject: '*' };
    expect(titleOf(row(consent), english, catalogue)).toBe('Consent withdrawn: everything');
    expect(titleOf(row({ ...consent, subject: 'marketing' }), english, catalogue)).toBe(
      'Consent withdrawn: marketing',
    );
  });

  it('name the state of what is not open any more', () => {
    const suggestion = { kind: 'suggestion' as const, subject: 'Call about dosage' };
    expect(titleOf(row({ ...suggestion, state: 'open' }), english, catalogue)).toBe(
      'Suggested: Call about dosage',
    );
    expect(titleOf(row({ ...suggestion, state: 'snoozed' }), english, catalogue)).toBe(
      'Suggested: Call about dosage (put off)',
    );
  });
});
