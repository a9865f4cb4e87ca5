import { describe, expect, it } from '@jest/globals';
import type { IncrementalCard } from './learn-incremental.js';
import { evidenceOf, type IncrementalRow, LEAST } from './incremental-row.js';
import { maySwitch } from './incremental-store.js';

const row = (drawn: IncrementalRow['drawn'], happened: number): IncrementalRow => ({
  account: 'a',
  inputs: { numbers: new Float32Array(0), categories: [] },
  outcomeId: 'reply',
  drawn,
  chanceSuggested: 0.8,
  chanceNothing: 0.2,
  propensity: 0.5,
  happened,
});

const rows = (nothing: number, outcomes: number): IncrementalRow[] => [
  ...Array.from({ length: LEAST.suggested }, (_, place) => row('suggested', place < outcomes ? 1 : 0)),
  ...Array.from({ length: nothing }, () => row('nothing', 0)),
];

describe('whether the log suffices to say what suggestions add', () => {
  it('needs enough decisions of both kinds and enough outcomes, for every outcome', () => {
    const suffices = (some: IncrementalRow[], outcomes = ['reply']) =>
      evidenceOf(some, outcomes).every((one) => one.suffices);
    expect(suffices(rows(LEAST.nothing, LEAST.outcomes))).toBe(true);
    expect(suffices(rows(LEAST.nothing - 1, LEAST.outcomes))).toBe(false);
    expect(suffices(rows(LEAST.nothing, LEAST.outcomes - 1))).toBe(false);
    expect(suffices(rows(LEAST.nothing, LEAST.outcomes), ['bought', 'reply'])).toBe(false);
  });

  it('does not count decisions in which something else was suggested', () => {
    const others = rows(LEAST.nothing, LEAST.outcomes).map((one) => ({ ...one, drawn: 'other' as const }));
    expect(evidenceOf(others, ['reply'])).toMatchObject([{ suggested: 0, nothing: 0, suffices: false }]);
  });
});

describe('whether a catalogue may be valued by a head', () => {
  const enough = {
    outcomeId: 'reply',
    suggested: 300,
    nothing: 300,
    outcomesSuggested: 40,
    outcomesNothing: 10,
  };
  const card = (low: number): IncrementalCard => ({
    decisions: 500,
    accounts: 100,
    outcomes: [
      {
        ...enough,
        suffices: true,
        averageEffect: { value: 0.1, low: 0.05, high: 0.15 },
        slope: { value: 0.8, low, high: 1.2 },
      },
    ],
  });

  it('is allowed where differences in effect are surely real, and else only by force and with a reason', () => {
    expect(maySwitch(card(0.1), { reason: null, force: false })).toEqual({
      ok: true,
      value: { unproven: false },
    });
    expect(maySwitch(card(-0.1), { reason: 'a', force: false })).toMatchObject({
      error: { code: 'not-proven' },
    });
    expect(maySwitch(card(-0.1), { reason: ' ', force: true })).toMatchObject({
      error: { code: 'reason-needed' },
    });
    expect(maySwitch(card(-0.1), { reason: 'a trial', force: true })).toEqual({
      ok: true,
      value: { unproven: true },
    });
  });
});
