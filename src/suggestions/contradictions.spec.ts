import { describe, expect, it } from '@jest/globals';
import type { AccountEvent } from '../events/index.js';
import { contradictionsOf, mayContradict } from './contradictions.js';
import type { Suggestion } from './suggestion.js';
import { wordClosing } from './wording/word-closing.js';

const madeAt = new Date('2026-03-04T09:00:00Z');
const channels = new Map([
  ['visit', { kind: 'visit' }],
  ['call', { kind: 'call' }],
  ['email', { kind: 'email' }],
]) as never;

const suggestion = (changes: object = {}): Suggestion => {
  const made: unknown = {
    suggestionId: 's1',
    accountId: 'clinic',
    contactId: 'jones',
    channelId: 'visit',
    actionId: 'talk',
    intent: 'follow-up',
    purpose: 'sales',
    topics: ['dosage'],
    productIds: [],
    contentId: null,
    performedBy: { role: 'account-manager', memberId: 'mia' },
    state: 'open',
    priority: 1,
    createdAt: madeAt,
    ...changes,
  };
  return made as Suggestion;
};

const event = (name: string, properties: object = {}, changes: object = {}): AccountEvent => {
  const made: unknown = {
    eventId: 'e1',
    name,
    accountId: 'clinic',
    contactId: 'jones',
    memberId: null,
    occurredAt: new Date('2026-03-04T12:00:00Z'),
    properties,
    origin: 'live',
    ...changes,
  };
  return made as AccountEvent;
};

const closed = (events: AccountEvent[], ...suggestions: Suggestion[]) =>
  contradictionsOf(events, suggestions, { channels }).map(({ suggestion: one, state, done, because }) => ({
    id: one.suggestionId,
    state,
    done,
    because: wordClosing(because),
  }));

describe('an event that contradicts', () => {
  it('is told by its name, and only when it is news', () => {
    expect(mayContradict(event('Page Viewed'))).toBe(false);
    expect(mayContradict(event('Visit Logged'))).toBe(true);
    expect(mayContradict(event('Visit Logged', {}, { origin: 'import' }))).toBe(false);
  });

  it('completes what its own member did', () => {
    const visit = event('Visit Logged', { topics: ['dosage'] }, { memberId: 'mia' });
    expect(closed([visit], suggestion())).toEqual([
      { id: 's1', state: 'completed', done: true, because: 'The visit was logged.' },
    ]);
  });

  it('takes back what a colleague did, and says who', () => {
    const visit = event('Visit Logged', { topics: ['dosage'] }, { memberId: 'leo' });
    expect(closed([visit], suggestion())).toEqual([
      {
        id: 's1',
        state: 'withdrawn',
        done: true,
        because: 'A colleague (leo) did it: the visit was logged.',
      },
    ]);
  });

  it('concerns the same contact on the same channel about the same, and nothing else', () => {
    const visit = (properties: object, changes: object = {}) => event('Visit Logged', properties, changes);
    expect(closed([visit({ topics: ['price'] })], suggestion())).toEqual([]);
    expect(closed([visit({}, { contactId: 'ben' })], suggestion())).toEqual([]);
    expect(closed([visit({}, { accountId: 'other' })], suggestion())).toEqual([]);
    expect(closed([event('Call Logged', {})], suggestion())).toEqual([]);
    expect(closed([visit({ actionId: 'another', topics: ['dosage'] })], suggestion())).toEqual([]);
    expect(closed([visit({ actionId: 'talk', topics: ['price'] })], suggestion())).toHaveLength(1);
    expect(closed([visit({}, { occurredAt: new Date('2026-03-01T09:00:00Z') })], suggestion())).toEqual([]);
    expect(closed([visit({})], suggestion({ state: 'dismissed' }))).toEqual([]);
  });

  it('does one thing when it does not say what it was about, and leaves the rest pointless', () => {
    const best = suggestion({ suggestionId: 's2', topics: ['price'], priority: 5 });
    expect(closed([event('Visit Logged', {}, { memberId: 'mia' })], suggestion(), best)).toMatchObject([
      { id: 's2', state: 'completed', done: true },
      { id: 's1', state: 'withdrawn', done: false },
    ]);
  });

  it('is a message only when it names the action or its subject', () => {
    const mail = suggestion({ channelId: 'email' });
    expect(closed([event('Email Sent', {})], mail)).toEqual([]);
    expect(closed([event('Email Sent', { topic: 'dosage' })], mail)).toHaveLength(1);
  });

  it('ends an offer when the order came, selling when something is complained of, a topic when it was answered', () => {
    const offer = suggestion({ intent: 'offer', productIds: ['P'] });
    expect(closed([event('Order Completed', { productIds: ['P'] })], offer)).toMatchObject([
      { because: 'The order for this product came.', done: false },
    ]);
    expect(closed([event('Order Completed', { productIds: ['Q'] })], offer)).toEqual([]);
    expect(
      closed([event('Complaint Opened')], offer, suggestion({ suggestionId: 's3', purpose: 'service' })),
    ).toMatchObject([{ id: 's1', because: 'A complaint was opened: it comes first.' }]);
    expect(closed([event('Question Answered', { topic: 'dosage' })], suggestion())).toMatchObject([
      { because: 'The question was answered.', done: true },
    ]);
  });

  it('is content that was read, for content on the same', () => {
    const content = suggestion({ intent: 'content', contentId: 'c1' });
    expect(closed([event('Content Viewed', { topic: 'dosage', contentId: 'c1' })], content)).toHaveLength(1);
    expect(closed([event('Content Viewed', { topic: 'dosage', contentId: 'c2' })], content)).toEqual([]);
    expect(closed([event('Content Viewed', { topic: 'dosage' })], suggestion())).toEqual([]);
  });
});
