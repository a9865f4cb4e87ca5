import { describe, expect, it } from '@jest/globals';
import type { ActionId, ChannelId, ContactId, OutcomeId } from '../catalogue/index.js';
import type { AccountEvent, EventProperties } from '../events/index.js';
import type { DecisionId, SuggestionId } from '../recommender/index.js';
import { DAY, HOUR } from '../shared/index.js';
import { compileOutcome, type CreditableTouch } from './attribution.js';
import { type AccountTrials, type CarriedOut, trialsOf } from './trial.js';

const START = Date.parse('2026-03-02T09:00:00Z');
const at = (hours: number) => new Date(START + hours * HOUR);
const replied = compileOutcome({
  outcomeId: 'replied' as OutcomeId,
  event: 'Email Replied',
  where: null,
  withinDays: 5,
  value: null,
  engagement: true,
});

const touch = (hours: number, over: Partial<CreditableTouch> = {}): CreditableTouch => ({
  at: at(hours),
  contactId: 'ana' as ContactId,
  actionId: 'intro' as ActionId,
  channelId: 'email' as ChannelId,
  treatmentId: null,
  productIds: [],
  outcomeId: 'replied' as OutcomeId,
  touchId: `touch-${hours}`,
  suggestionId: null,
  decisionId: null,
  ...over,
});

const suggestion = (hours: number, over: Partial<CarriedOut> = {}): CarriedOut => ({
  suggestionId: `s${hours}` as SuggestionId,
  decisionId: `d${hours}` as DecisionId,
  decidedAt: at(hours),
  contactId: 'ana' as ContactId,
  actionId: 'intro' as ActionId,
  channelId: 'email' as ChannelId,
  productId: null,
  outcomeId: 'replied' as OutcomeId,
  rank: 1,
  propensity: 0.1,
  offeredValue: 50,
  completedAt: null,
  ...over,
});

const reply = (hours: number, properties: EventProperties = {}): AccountEvent =>
  ({
    name: 'Email Replied',
    accountId: 'acme',
    contactId: 'ana',
    occurredAt: at(hours),
    properties,
  }) as AccountEvent;

const past = (over: Partial<AccountTrials>): AccountTrials => ({
  accountId: 'acme' as AccountTrials['accountId'],
  touches: [],
  suggestions: [],
  events: [],
  reported: [],
  known: [],
  at: at(200),
  ...over,
});

const trials = (over: Partial<AccountTrials>) => trialsOf(past(over), [replied]);

describe('what becomes a trial', () => {
  it('is a touch that carried out the last suggestion of its action before it', () => {
    const [trial, ...others] = trials({
      touches: [touch(10)],
      suggestions: [suggestion(0), suggestion(8), suggestion(12)],
    });
    expect(others).toEqual([]);
    expect(trial).toMatchObject({
      trialId: 'touch-10',
      suggestionId: 's8',
      decisionId: 'd8',
      startedAt: at(10),
    });
  });

  it('is the suggestion that the touch names, though a later one stands', () => {
    const named = touch(10, { suggestionId: 's0' });
    expect(trials({ touches: [named], suggestions: [suggestion(0), suggestion(8)] })).toMatchObject([
      { suggestionId: 's0' },
    ]);
  });

  it.each([
    ['another channel', { channelId: 'visit' as ChannelId }],
    ['another contact', { contactId: 'ben' as ContactId }],
    ['another action', { actionId: 'offer' as ActionId }],
  ])('is no touch of %s', (_, over) => {
    expect(trials({ touches: [touch(10, over)], suggestions: [suggestion(8)] })).toEqual([]);
  });

  it('is a suggestion that was reported as completed, until its touch is known', () => {
    const done = suggestion(8, { completedAt: at(10) });
    const [reported] = trials({ suggestions: [done] });
    expect(reported).toMatchObject({ trialId: 's8', startedAt: at(10), label: 0 });
    const known = trials({ suggestions: [done], touches: [touch(9, { suggestionId: 's8' as string })] });
    expect(known).toMatchObject([{ trialId: 'touch-9' }]);
  });

  it('stays bound to the decision that led to it, though the suggestion is decided again', () => {
    const first = trials({ touches: [touch(10)], suggestions: [suggestion(8)] });
    const again = suggestion(20, { suggestionId: 's8' as SuggestionId });
    expect(trials({ touches: [touch(10)], suggestions: [again], known: first })).toEqual(first);
  });
});

describe('what a trial comes to', () => {
  const made = { suggestions: [suggestion(0), suggestion(20)], touches: [touch(1), touch(21)] };

  it('is a positive for the last trial of the action in whose window the outcome lies, and worth what was offered', () => {
    const found = trials({ ...made, events: [reply(30)] });
    expect(found).toMatchObject([
      { label: 0, value: null },
      { label: 1, value: 50, outcomeAt: at(30) },
    ]);
  });

  it('is credited for each action by itself', () => {
    const offer = { actionId: 'offer' as ActionId };
    const found = trials({
      suggestions: [suggestion(0), suggestion(20, offer)],
      touches: [touch(1), touch(21, offer)],
      events: [reply(30)],
    });
    expect(found.map(({ label }) => label)).toEqual([1, 1]);
  });

  it('is open until the window closes, then a negative', () => {
    const one = { suggestions: [suggestion(0)], touches: [touch(1)] };
    expect(trials({ ...one, at: at(2) })[0]?.label).toBeNull();
    expect(trials({ ...one, at: new Date(at(1).getTime() + 5 * DAY) })[0]?.label).toBe(0);
  });

  it('is the same whatever was known before', () => {
    const wanted = { ...made, events: [reply(30), reply(2)] };
    const fresh = trials(wanted);
    expect(trials({ ...wanted, known: fresh })).toEqual(fresh);
    expect(trials({ ...wanted, known: trials({ ...wanted, events: [], at: at(22) }) })).toEqual(fresh);
  });
});
