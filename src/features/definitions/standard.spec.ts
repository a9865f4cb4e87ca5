import { describe, expect, it } from '@jest/globals';
import type { ContactId } from '../../catalogue/index.js';
import { compileFeatureSet } from '../compile-feature-set.js';
import { at, event } from '../../../test/support/features.js';
import { standardFeatures } from './standard.js';

const featureSet = compileFeatureSet(standardFeatures);
const about = { actionId: 'offer-7', channel: 'mobile', productId: 'p1', treatmentId: 't1' };

function readOf(events: { name: string; daysAgo: number; properties?: object }[]) {
  const state = featureSet.empty();
  for (const { name, daysAgo, properties } of events)
    featureSet.fold(
      state,
      event({ name, occurredAt: at(-daysAgo), properties: { ...about, ...properties } }),
      {
        timeZone: 'UTC',
      },
    );
  return featureSet.read(state, 'ana' as ContactId, at(0));
}

describe('the standard features', () => {
  it('know a touch, its response and its success by action, channel, product and treatment', () => {
    const readout = readOf([
      { name: 'Message Sent', daysAgo: 5 },
      { name: 'Offer Viewed', daysAgo: 4 },
      { name: 'Offer Completed', daysAgo: 3, properties: { value: 10 } },
    ]);
    expect(readout.value('actionTouches', 'offer-7')).toBe(1);
    expect(readout.value('actionResponses', 'offer-7')).toBe(2);
    expect(readout.value('actionSuccesses', 'offer-7')).toBe(1);
    expect(readout.value('daysSinceChannelTouch', 'mobile')).toBe(5);
    expect(readout.value('daysSinceChannelResponse', 'mobile')).toBe(3);
    expect(readout.value('productTouches30', 'p1')).toBeGreaterThan(0.8);
    expect(readout.value('productResponses30', 'p1')).toBeGreaterThan(1.7);
    expect(readout.value('actionResponseRate', 'offer-7')).toBeGreaterThan(0.2);
    expect(readout.value('treatmentResponseRate', 't1')).toBeGreaterThan(0.2);
    expect(readout.value('channelSuccessRate', 'mobile')).toBeGreaterThan(0.05);
    expect(readout.value('stage')).toBe(4);
  });

  it('lower the rate of a channel with each touch that nobody answers', () => {
    const sent = (touches: number): number =>
      readOf(Array.from({ length: touches }, () => ({ name: 'Message Sent', daysAgo: 1 }))).value(
        'channelResponseRate',
        'mobile',
      ) ?? NaN;
    expect(sent(1)).toBeLessThan(0.2);
    expect(sent(5)).toBeLessThan(sent(1));
  });

  it('know refusals by action and channel', () => {
    const readout = readOf([{ name: 'Response Negative', daysAgo: 0 }]);
    expect(readout.value('actionNegatives90', 'offer-7')).toBe(1);
    expect(readout.value('channelNegatives90', 'mobile')).toBe(1);
    expect(readout.value('daysSinceNegative')).toBe(0);
    expect(readout.value('responses')).toBeUndefined();
  });

  it('know orders and spend, in all and by product', () => {
    const readout = readOf([
      { name: 'Order Completed', daysAgo: 0, properties: { value: 30 } },
      { name: 'Order Completed', daysAgo: 90, properties: { value: 80 } },
    ]);
    expect(readout.value('orders')).toBe(2);
    expect(readout.value('spend90')).toBeCloseTo(70, 9);
    expect(readout.value('productOrders', 'p1')).toBe(2);
    expect(readout.value('daysSinceProductOrder', 'p1')).toBe(0);
  });

  it('know habits that stay the same however long they are watched: paces and plain shares', () => {
    const habit = (daysAgo: number) => [
      { name: 'Email Sent', daysAgo },
      { name: 'Email Opened', daysAgo },
      { name: 'Email Sent', daysAgo: daysAgo - 1 },
      { name: 'Order Completed', daysAgo: daysAgo - 1, properties: { value: 50 } },
    ];
    const short = readOf(habit(10));
    const long = readOf([...habit(10), ...habit(20), ...habit(30), ...habit(40)]);
    for (const readout of [short, long]) expect(readout.value('noticedShare')).toBeCloseTo(0.5, 2);
    expect(short.value('orderPace')).toBeCloseTo(1 / 13, 9);
    expect(long.value('orderPace')).toBeCloseTo(4 / 43, 9);
    expect(long.value('spendPace')).toBeCloseTo(200 / 43, 9);
    expect(readOf([{ name: 'Email Opened', daysAgo: 1 }]).value('noticedShare')).toBeUndefined();
  });

  it('know what was said: mood, likes, open questions and complaints', () => {
    const readout = readOf([
      { name: 'Visit Logged', daysAgo: 1, properties: { sentiment: -0.5, topics: ['dosage'] } },
      { name: 'Preference Stated', daysAgo: 1, properties: { channel: 'email', likes: false } },
      { name: 'Question Asked', daysAgo: 2 },
      { name: 'Question Asked', daysAgo: 1 },
      { name: 'Question Answered', daysAgo: 1 },
      { name: 'Complaint Opened', daysAgo: 1 },
    ]);
    expect(readout.value('sentiment')).toBeCloseTo(-0.5, 12);
    expect(readout.value('topicSentiment', 'dosage')).toBeCloseTo(-0.5, 12);
    expect(readout.value('channelPreference', 'email')).toBe(0);
    expect(readout.value('questionsOpen')).toBe(1);
    expect(readout.value('complaintsOpen')).toBe(1);
    expect(readout.value('daysSinceVisit')).toBe(1);
  });
});
