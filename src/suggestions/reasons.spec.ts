import { describe, expect, it } from '@jest/globals';
import type { Reason } from '../recommender/index.js';
import { type Evidence, groundsOf, reasonsFrom } from './reasons.js';
import { headlineOf, wordReason } from './wording/wording.js';

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

  it('tell each event once, under the reason that says most about it', () => {
    const grounds = [
      { feature: 'visits', key: null, weight: 0.9 },
      { feature: 'topicInterest', key: { kind: 'topic', value: 'dosage' }, weight: 0.5 },
      { feature: 'activity', key: null, weight: 0.7 },
    ];
    const known = new Map([
      ...features,
      ['activity', { kind: 'decayed-sum', events: ['Page Viewed', 'Search'] }],
    ]);
    const evidence = ({ feature }: { feature: string }) =>
      feature === 'visits'
        ? [event(1, 'Visit Logged')]
        : feature === 'activity'
          ? [event(4, 'Search'), event(3)]
          : [event(3)];
    const reasons = reasonsFrom(
      grounds,
      (name) => known.get(name),
      evidence,
      ({ value }) => value,
    );
    expect(reasons.map(({ code, evidence: own }) => [code, own.map(({ eventId }) => eventId)])).toEqual([
      ['touch-history', ['e1']],
      ['activity', ['e4']],
      ['topic-interest', ['e3']],
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
      ground.key?.value === 'price'
        ? []
        : ground.feature === 'visits'
          ? [event(1, 'Visit Logged')]
          : [event(3), event(2)];
    const reasons = reasonsFrom(
      grounds,
      (name) => features.get(name),
      evidence,
      ({ value }) => value,
    );
    expect(reasons.map(({ code, args }) => [code, args['subject'], args['count']])).toEqual([
      ['topic-interest', 'dosage', 2],
      ['touch-history', '', 1],
    ]);
    for (const reason of reasons) expect(reason.evidence.length).toBeGreaterThan(0);
  });
});

describe('wording', () => {
  const reason = (events: Record<string, number>, changes: Partial<Reason['args']> = {}): Reason => ({
    code: 'topic-interest',
    args: {
      subject: 'dosage',
      count: Object.values(events).reduce((sum, count) => sum + count, 0),
      event: 'Page Viewed',
      events: JSON.stringify(events),
      contact: 'jones',
      since: at(1).toISOString(),
      last: at(3).toISOString(),
      ...changes,
    },
    evidence: [],
    weight: 1,
  });
  const names = { contact: (id: string) => (id === 'jones' ? 'Dr. Jones' : null), account: 'Clinic' };
  const reader = (locale: string | null, now = at(3)) => ({ locale, timeZone: 'UTC', now });

  it('tells who did what how often, as people count, and when by its distance from today', () => {
    const once = reason({ 'Page Viewed': 1 });
    expect(wordReason(once, reader('en'), names)).toBe('Dr. Jones read about dosing once, today at 09:00.');
    const often = reason({ 'Page Viewed': 3, 'Question Asked': 1 });
    expect(wordReason(often, reader(null, at(4)), names)).toBe(
      'Dr. Jones read about dosing 3 times and asked about it once, most recently yesterday.',
    );
    expect(wordReason(often, reader('en', at(6)), names)).toContain('most recently on Tuesday.');
    expect(wordReason(often, reader('en', at(20)), names)).toContain('most recently on 3 March 2026.');
  });

  it('speaks of somebody at the account where nobody is known by name', () => {
    const nobody = reason({ 'Page Viewed': 2 }, { contact: '' });
    expect(wordReason(nobody, reader('en'), names)).toBe(
      'Somebody at Clinic read about dosing twice, most recently today at 09:00.',
    );
  });

  it('uses the digits, the words and the calendar of Persian', () => {
    const text = wordReason(reason({ 'Page Viewed': 12 }), reader('fa-IR', at(20)), names);
    expect(text).toBe('Dr. Jones ۱۲ بار دربارهٔ «مقدار مصرف» خوانده است، آخرین بار در ۱۲ اسفند ۱۴۰۴.');
  });

  it('announces a suggestion in one line, in the hours of its own zone', () => {
    const one = {
      channelKind: 'call' as const,
      channel: 'Telephone',
      automatic: false,
      contact: 'Dr. Jones',
      intent: 'follow-up' as const,
      action: 'Explain the dosing',
      topics: ['dosage'],
      product: 'Cardiol',
      slot: {
        from: new Date('2026-03-03T13:00:00Z'),
        to: new Date('2026-03-03T15:00:00Z'),
        timeZone: 'Europe/Berlin',
      },
    };
    const headline = (
      changes: Partial<typeof one> | { product: null; topics: string[]; intent: 'offer' },
      locale = 'en',
    ) => headlineOf({ ...one, ...changes }, { locale, now: at(3) });
    expect(headline({})).toBe('Call Dr. Jones about dosing of Cardiol, today 14–16 h');
    expect(headline({ product: null, topics: [], intent: 'offer' })).toBe(
      'Call Dr. Jones: Explain the dosing, today 14–16 h',
    );
    expect(headline({}, 'fa')).toBe('تماس تلفنی با Dr. Jones دربارهٔ مقدار مصرف «Cardiol»، امروز ۱۴ تا ۱۶');
  });
});
