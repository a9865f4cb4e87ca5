import { describe, expect, it } from '@jest/globals';
import type {
  ActionId,
  ChannelId,
  ContactId,
  OutcomeDefinition,
  OutcomeId,
  ProductId,
} from '../catalogue/index.js';
import type { AccountEvent, EventProperties } from '../events/index.js';
import { DAY, HOUR } from '../shared/index.js';
import { compileOutcome, creditsOf, type CreditableTouch, labelsOf } from './attribution.js';
import type { Outcome } from './outcome.js';

const START = Date.parse('2026-03-02T09:00:00Z');
const LATER = new Date(START + 365 * DAY);

const definition = (over: Partial<OutcomeDefinition> = {}): OutcomeDefinition => ({
  outcomeId: 'opened' as OutcomeId,
  event: 'Email Opened',
  where: null,
  withinDays: 5,
  value: null,
  engagement: true,
  ...over,
});

const opened = compileOutcome(definition());
const bought = compileOutcome(
  definition({
    outcomeId: 'bought' as OutcomeId,
    event: 'Order Completed',
    where: 'event.properties.value > 100.0',
    value: 'event.properties.value * 0.5',
    engagement: false,
  }),
);

const touch = (hours: number, over: Partial<CreditableTouch> = {}): CreditableTouch => ({
  at: new Date(START + hours * HOUR),
  contactId: 'ana' as ContactId,
  actionId: 'intro' as ActionId,
  channelId: 'email' as ChannelId,
  treatmentId: null,
  productIds: ['p1' as ProductId],
  outcomeId: 'opened' as OutcomeId,
  touchId: `touch-${hours}`,
  suggestionId: null,
  decisionId: null,
  ...over,
});

const event = (
  hours: number,
  name: string,
  properties: EventProperties = {},
  contactId = 'ana',
): AccountEvent =>
  ({
    name,
    accountId: 'acme',
    contactId,
    occurredAt: new Date(START + hours * HOUR),
    properties,
  }) as AccountEvent;

const labels = (touches: CreditableTouch[], events: AccountEvent[], asOf = LATER, outcomes = [opened]) =>
  labelsOf(touches, events, [], outcomes, asOf).map((row) => [...row]);

describe('the window of an outcome', () => {
  it.each([
    ['at the instant of the touch', 0, 1],
    ['at its last instant', 120, 1],
    ['a moment after it', 120.001, 0],
    ['before the touch', -0.001, 0],
  ])('counts an event %s', (_, hours, label) => {
    expect(labels([touch(0)], [event(hours, 'Email Opened')])).toEqual([[label]]);
  });

  it('leaves a touch out, positive or not, while its window is open', () => {
    const asOf = new Date(START + 119 * HOUR);
    expect(labels([touch(0)], [event(1, 'Email Opened')], asOf)).toEqual([[NaN]]);
    expect(labels([touch(0)], [event(1, 'Email Opened')], new Date(START + 120 * HOUR))).toEqual([[1]]);
  });
});

describe('what an outcome is credited to', () => {
  it('is only the same contact', () => {
    expect(labels([touch(0)], [event(1, 'Email Opened', {}, 'ben')])).toEqual([[0]]);
  });

  it('is only the touch that the event names', () => {
    const events = [event(3, 'Email Opened', { touchId: 'touch-0', actionId: 'other' })];
    expect(labels([touch(0), touch(2)], events)).toEqual([[1], [0]]);
  });

  it.each([
    ['up to a day before the touch that it names', -24, { touchId: 'touch-0' }, 1],
    ['longer before the touch that it names', -24.001, { touchId: 'touch-0' }, 0],
    ['before a touch with the action that it names', -1, { actionId: 'intro' }, 0],
  ])('dated %s', (_, hours, properties, label) => {
    expect(labels([touch(0)], [event(hours, 'Email Opened', properties)])).toEqual([[label]]);
  });

  it('is only touches with the action that the event names', () => {
    const events = [event(3, 'Email Opened', { actionId: 'intro', productId: 'p9' })];
    expect(labels([touch(0), touch(1, { actionId: 'offer' as ActionId })], events)).toEqual([[1], [0]]);
  });

  it('is only touches about a product that the event names', () => {
    const events = [event(3, 'Email Opened', { productIds: ['p1', 'p2'] })];
    expect(labels([touch(0), touch(1, { productIds: ['p3' as ProductId] })], events)).toEqual([[1], [0]]);
  });

  it('is only touches on the channel of an engagement that names nothing else', () => {
    const events = [event(3, 'Email Opened', { channel: 'email' })];
    expect(labels([touch(0), touch(1, { channelId: 'visit' as ChannelId })], events)).toEqual([[1], [0]]);
  });

  it('is every touch in whose window it falls for a response model, and the last one for reward', () => {
    const touches = [touch(0), touch(24), touch(48)];
    const events = [event(30, 'Email Opened', { actionId: 'intro' })];
    expect(labels(touches, events)).toEqual([[1], [1], [0]]);
    expect(creditsOf(touches, events, [], [opened], 'last').map((credit) => credit.touch)).toEqual([1]);
  });

  it('is nothing that a browser told', () => {
    const events = [{ ...event(1, 'Email Opened'), fromBrowser: true }];
    expect(labels([touch(0)], events)).toEqual([[0]]);
  });
});

describe('which outcomes are observed', () => {
  it('has every touch for an engagement, and only touches whose action names it for any other', () => {
    const buying = touch(1, { outcomeId: 'bought' as OutcomeId });
    const events = [event(2, 'Order Completed', { value: 150, productId: 'p1' })];
    expect(labels([touch(0), buying], events, LATER, [opened, bought])).toEqual([
      [0, NaN],
      [0, 1],
    ]);
  });

  it('counts an event only when its condition is true, and one without the property is no match', () => {
    const buying = touch(0, { outcomeId: 'bought' as OutcomeId });
    expect(labels([buying], [event(2, 'Order Completed', { value: 50 })], LATER, [bought])).toEqual([[0]]);
    expect(labels([buying], [event(2, 'Order Completed')], LATER, [bought])).toEqual([[0]]);
  });
});

describe('reported outcomes', () => {
  const reported = (over: Partial<Outcome>): Outcome => ({
    outcomeRef: 'r1',
    outcomeId: 'bought' as OutcomeId,
    accountId: 'acme' as Outcome['accountId'],
    contactId: 'ana' as ContactId,
    value: 80,
    occurredAt: new Date(START + 30 * HOUR),
    recordedAt: new Date(START + 31 * HOUR),
    decisionId: null,
    suggestionId: null,
    ...over,
  });
  const touches = [touch(0, { suggestionId: 's1' }), touch(24, { suggestionId: 's2' })];

  it('fall to the suggestion that they name, with their value', () => {
    const credits = creditsOf(
      touches,
      [],
      [reported({ suggestionId: 's1' as Outcome['suggestionId'] })],
      [bought],
      'last',
    );
    expect(credits).toMatchObject([{ touch: 0, value: 80 }]);
  });

  it('fall to the suggestion that they name, dated by the day or by a clock that is behind', () => {
    const early = reported({
      suggestionId: 's2' as Outcome['suggestionId'],
      occurredAt: new Date(START + 20 * HOUR),
    });
    expect(creditsOf(touches, [], [early], [bought], 'last')).toMatchObject([{ touch: 1 }]);
  });

  it('fall to the last touch of their window when they name none', () => {
    expect(creditsOf(touches, [], [reported({})], [bought], 'last')).toMatchObject([{ touch: 1 }]);
  });
});

describe('the value of an outcome', () => {
  it('is what its definition says of the event', () => {
    const events = [event(2, 'Order Completed', { value: 150, productId: 'p1' })];
    expect(creditsOf([touch(0)], events, [], [bought], 'last')).toMatchObject([{ value: 75 }]);
  });
});
