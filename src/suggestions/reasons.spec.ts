import { describe, expect, it } from '@jest/globals';
import type { Reason } from '../recommender/index.js';
import { type Evidence, groundsOf, reasonsFrom } from './reasons.js';
import { wordReason } from './wording/wording.js';

const at = (day: number) => new Date(Date.UTC(2026, 2, day, 9));
const event = (day: number, name = 'Page Viewed'): Evidence => ({ eventId: `e${day}`, name, at: at(day) });
const features = new Map([
  ['topicInterest', { kind: 'decayed-sum', by: 'topic', events: ['Page Viewed'] }],
  ['topicInterestLong', { kind: 'decayed-sum', by: 'topic', events: ['Page Viewed'] }],
  ['visits', { kind: 'recency', events: ['Visit Logged'] }],
]);
const candidate = {
  actionId: 'a',
  productId: null,
  channelId: 'call',
  treatmentId: null,
  topics: ['dosage', 'price'],
} as never;

describe('reasons', () => {
  it('come from what spoke for the candidate, each topic for itself, the heaviest first', () => {
    const grounds = groundsOf(
      [
        { input: 'feature:visits', value: 3, weight: 0.1 },
        { input: 'topicInterest@topic', value: 2, weight: 0.5 },
        { input: 'account:beds', value: 200, weight: 0.9 },
        { input: 'feature:tenure', value: 2, weight: -0.4 },
      ],
      candidate,
    );
    expect(grounds.map(({ feature, key }) => [feature, key?.value])).toEqual([
      ['topicInterest', 'dosage'],
      ['topicInterest', 'price'],
      ['visits', undefined],
    ]);
  });

  it('are never given without evidence, and tell the same thing once', () => {
    const grounds = [
      { feature: 'topicInterest', key: { kind: 'topic', value: 'dosage' }, weight: 0.5 },
      { feature: 'topicInterestLong', key: { kind: 'topic', value: 'dosage' }, weight: 0.4 },
      { feature: 'topicInterest', key: { kind: 'topic', value: 'price' }, weight: 0.3 },
      { feature: 'visits', key: null, weight: 0.2 },
    ];
    const evidence = (ground: { feature: string; key: { value: string } | null }) =>
      ground.key?.value === 'price' ? [] : [event(3), event(2)];
    const reasons = reasonsFrom(
      grounds,
      (name) => features.get(name),
      evidence,
      ({ value }) => value,
    );
    expect(reasons.map(({ code, args }) => [code, args['subject'], args['count']])).toEqual([
      ['topic-interest', 'dosage', 2],
      ['touch-history', '', 2],
    ]);
    for (const reason of reasons) expect(reason.evidence.length).toBeGreaterThan(0);
  });
});

describe('wording', () => {
  const reason = (count: number): Reason => ({
    code: 'topic-interest',
    args: {
      subject: 'dosage',
      count,
      event: 'Page Viewed',
      since: at(1).toISOString(),
      last: at(3).toISOString(),
    },
    evidence: [],
    weight: 1,
  });

  it('counts in English as people do', () => {
    expect(wordReason(reason(1), 'en', 'UTC')).toBe(
      'Showed interest in dosage once, on 3 March 2026 (page view).',
    );
    expect(wordReason(reason(12), null, 'UTC')).toBe(
      'Showed interest in dosage 12 times, last on 3 March 2026 (page view).',
    );
  });

  it('uses the digits and the calendar of Persian', () => {
    const text = wordReason(reason(12), 'fa-IR', 'Asia/Tehran');
    expect(text).toContain('۱۲ بار');
    expect(text).toContain('۱۲ اسفند ۱۴۰۴');
  });
});
