import { describe, expect, it } from '@jest/globals';
import { plans } from './actions.js';
import { channelNames, topics } from './offering.js';
import { type Approach, type Mind, type Taste, trueProbability } from './truth.js';

const zero = <Key extends string>(keys: readonly Key[]) =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
const taste: Taste = {
  responsiveness: 0,
  topics: zero(topics),
  medicines: {},
  channels: zero(channelNames),
  tone: 'brief',
  bestHour: 10,
  bestWeekday: 2,
};
const mind: Mind = { interest: zero(topics), need: {}, fatigue: 0, warmth: 0.35, complaining: false };
const plan = plans.find(({ id }) => id === 'dosage-cardelin');
if (!plan) throw new Error('the plan is gone');
const email: Approach = { plan, channel: 'email', tone: 'brief', hour: 10, weekday: 2 };

function chance(changes: {
  taste?: Partial<Taste>;
  mind?: Partial<Mind>;
  approach?: Partial<Approach>;
}): number {
  return trueProbability(
    { ...taste, ...changes.taste },
    { ...mind, ...changes.mind },
    { ...email, ...changes.approach },
  ).responded;
}

describe('the true chance of a response', () => {
  const usual = chance({});

  it('rises with interest in the topic and falls with every touch of late', () => {
    expect(chance({ mind: { interest: { ...mind.interest, dosage: 1 } } })).toBeGreaterThan(2 * usual);
    expect(chance({ mind: { fatigue: 4 } })).toBeLessThan(usual / 2);
  });

  it('does not rise with interest in another topic', () => {
    expect(chance({ mind: { interest: { ...mind.interest, reimbursement: 1 } } })).toBe(usual);
  });

  it('is highest at the doctor’s own hour and weekday', () => {
    expect(chance({ approach: { hour: 16 } })).toBeLessThan(usual);
    expect(chance({ approach: { weekday: 3 } })).toBeLessThan(usual);
  });

  it('is higher for an e-mail in the tone that the doctor likes', () => {
    expect(chance({ approach: { tone: 'evidence' } })).toBeLessThan(usual);
  });

  it('falls during a complaint', () => {
    expect(chance({ mind: { complaining: true } })).toBeLessThan(usual / 2);
  });

  it('has no chance of an order for an action that is not meant to bring one', () => {
    expect(trueProbability(taste, mind, email).ordered).toBe(0);
  });
});
