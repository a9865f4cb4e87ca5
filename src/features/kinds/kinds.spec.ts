import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR } from '../../shared/index.js';
import type { SpecOf } from '../definitions/definition.js';
import { count } from './count.js';
import { decayedSum } from './decayed-sum.js';
import { diversity, DIVERSITY_BOUND } from './diversity.js';
import { histogram, shares } from './histogram.js';
import { featureKinds } from './index.js';
import type { FeatureKind, Slots } from './kind.js';
import { mean } from './mean.js';
import { pace } from './pace.js';
import { BOTTOM, rate, TOP } from './rate.js';
import { recency } from './recency.js';
import { stage } from './stage.js';
import { tenure } from './tenure.js';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const common = { name: 'x', per: 'account', events: ['E'], unit: 'u', description: 'd' } as const;

/** A slot beside other numbers, so that a kind that strays is caught. */
function folded<Spec>(
  kind: FeatureKind<Spec>,
  spec: Spec,
  events: [daysAgo: number, value: number][],
): Slots {
  const slots = Float64Array.from([7, ...kind.initial, 7]);
  for (const [daysAgo, value] of events) kind.fold(slots, 1, NOW - daysAgo * DAY, value, spec);
  expect([slots[0], slots.at(-1)]).toEqual([7, 7]);
  return slots;
}

function value<Spec>(kind: FeatureKind<Spec>, spec: Spec, events: [number, number][]): number | undefined {
  return kind.read(folded(kind, spec, events), 1, NOW, spec);
}

describe('every kind', () => {
  it.each(Object.entries(featureKinds))('%s knows nothing before its first event', (_name, kind) => {
    const specs: FeatureKind<never> = kind;
    const slots = Float64Array.from(kind.initial);
    expect(
      specs.read(slots, 0, NOW, { halfLifeDays: 1, windowDays: 1, prior: 0.5, strength: 1 } as never),
    ).toBe(undefined);
  });
});

describe('pace', () => {
  const spec: SpecOf<'pace'> = { ...common, kind: 'pace', leastDays: 2 };

  it('is the sum a day since the first event, which may be none of its own', () => {
    const events: [number, number][] = [
      [8, 0],
      [4, 10],
      [1, 20],
    ];
    expect(value(pace, spec, events)).toBeCloseTo(3, 12);
    expect(value(pace, spec, [[8, 0]])).toBe(0);
  });

  it('does not exaggerate a short log', () => {
    expect(value(pace, spec, [[0, 10]])).toBe(5);
  });

  it('merges as if all had been folded in one', () => {
    const one = folded(pace, spec, [[8, 0]]);
    pace.merge(one, 1, folded(pace, spec, [[4, 30]]), 1, spec);
    expect(pace.read(one, 1, NOW, spec)).toBeCloseTo(3, 12);
  });
});

describe('count', () => {
  const spec: SpecOf<'count'> = { ...common, kind: 'count' };

  it('counts every event once', () => {
    expect(
      value(count, spec, [
        [1, 1],
        [900, 1],
        [0, 1],
      ]),
    ).toBe(3);
  });

  it('takes away what closes, but never falls below zero', () => {
    expect(
      value(count, spec, [
        [3, 1],
        [2, 1],
        [1, -1],
      ]),
    ).toBe(1);
    expect(
      value(count, spec, [
        [2, -1],
        [1, -1],
        [3, 1],
      ]),
    ).toBe(0);
  });
});

describe('decayed sum', () => {
  const spec: SpecOf<'decayed-sum'> = { ...common, kind: 'decayed-sum', halfLifeDays: 10 };

  it('halves an event with each half-life', () => {
    expect(value(decayedSum, spec, [[10, 8]])).toBeCloseTo(4, 12);
    expect(
      value(decayedSum, spec, [
        [30, 8],
        [0, 1],
      ]),
    ).toBeCloseTo(2, 12);
  });

  it('decays a late event to the reference as if it had come in time', () => {
    expect(
      value(decayedSum, spec, [
        [0, 1],
        [30, 8],
      ]),
    ).toBeCloseTo(2, 12);
  });

  it('does not grow towards a moment before the latest event', () => {
    expect(value(decayedSum, spec, [[-5, 3]])).toBe(3);
  });

  it('keeps a sum of 0 apart from knowing nothing', () => {
    expect(value(decayedSum, spec, [[1, 0]])).toBe(0);
  });
});

describe('recency and tenure', () => {
  it('tell the days since the last and since the first event, in any order', () => {
    const events: [number, number][] = [
      [5, 1],
      [2.5, 1],
      [40, 1],
    ];
    expect(value(recency, { ...common, kind: 'recency' }, events)).toBe(2.5);
    expect(value(tenure, { ...common, kind: 'tenure' }, events)).toBe(40);
  });

  it('take an event of a clock that runs ahead as of now', () => {
    expect(value(recency, { ...common, kind: 'recency' }, [[-1, 1]])).toBe(0);
    expect(value(tenure, { ...common, kind: 'tenure' }, [[-1, 1]])).toBe(0);
  });

  it('are natural at never and at nothing', () => {
    expect(recency.natural({ ...common, kind: 'recency' })).toBe(Infinity);
    expect(tenure.natural({ ...common, kind: 'tenure' })).toBe(0);
  });
});

describe('rate', () => {
  const spec: SpecOf<'rate'> = {
    ...common,
    kind: 'rate',
    bottom: ['B'],
    halfLifeDays: 10,
    prior: 0.2,
    strength: 4,
  };

  it('draws few events towards the prior', () => {
    expect(
      value(rate, spec, [
        [0, BOTTOM],
        [0, TOP],
      ]),
    ).toBeCloseTo((1 + 0.8) / (1 + 4), 12);
  });

  it('forgets old touches as it forgets old responses', () => {
    const old = value(rate, spec, [
      [20, BOTTOM],
      [20, TOP],
      [0, BOTTOM],
    ]);
    expect(old).toBeCloseTo((0.25 + 0.8) / (1.25 + 4), 12);
  });

  it('counts an event that is both on both sides', () => {
    expect(value(rate, spec, [[0, TOP | BOTTOM]])).toBeCloseTo(1.8 / 5, 12);
  });

  it('is the plain share with strength 0, unknown before the first bottom and the same later', () => {
    const plain = { ...spec, strength: 0 };
    expect(value(rate, plain, [[0, TOP]])).toBeUndefined();
    const habit: [number, number][] = [
      [0, BOTTOM | TOP],
      [0, BOTTOM],
    ];
    expect(value(rate, plain, habit)).toBe(0.5);
    expect(
      value(
        rate,
        plain,
        habit.map(([days, bits]) => [days + 40, bits] as const),
      ),
    ).toBeCloseTo(0.5, 12);
  });

  it('is natural at its prior', () => {
    expect(rate.natural(spec)).toBe(0.2);
  });
});

describe('mean', () => {
  const spec: SpecOf<'mean'> = { ...common, kind: 'mean', value: 'sentiment', halfLifeDays: 10 };

  it('weighs later events more, whatever the order', () => {
    const events: [number, number][] = [
      [10, -1],
      [0, 1],
    ];
    expect(value(mean, spec, events)).toBeCloseTo((1 - 0.5) / 1.5, 12);
    expect(value(mean, spec, events.toReversed())).toBeCloseTo((1 - 0.5) / 1.5, 12);
  });
});

describe('histogram', () => {
  const spec: SpecOf<'histogram'> = { ...common, kind: 'histogram' };

  it('gives the share of each hour of the week, and the busiest hour as its number', () => {
    const slots = folded(histogram, spec, [
      [0, 9],
      [7, 9],
      [1, 33],
      [2, 167],
    ]);
    const found = shares(slots, 1);
    expect(found?.length).toBe(168);
    expect([found?.[9], found?.[33], found?.[167], found?.[0]]).toEqual([0.5, 0.25, 0.25, 0]);
    expect(histogram.read(slots, 1, NOW, spec)).toBe(9);
  });
});

describe('diversity', () => {
  const spec: SpecOf<'diversity'> = { ...common, kind: 'diversity', value: 'channel', windowDays: 30 };

  it('counts each value once, by its last time', () => {
    expect(
      value(diversity, spec, [
        [40, 11],
        [1, 11],
        [2, 12],
        [31, 13],
      ]),
    ).toBe(2);
  });

  it('keeps the same values in whatever order they come when there are too many', () => {
    const many = Array.from({ length: 3 * DIVERSITY_BOUND }, (_, place): [number, number] => [
      place / 10,
      ((place * 37) % 97) + 1,
    ]);
    const forwards = folded(diversity, spec, many);
    const backwards = folded(diversity, spec, many.toReversed());
    expect(diversity.read(forwards, 1, NOW, spec)).toBe(DIVERSITY_BOUND);
    expect(pairs(backwards)).toEqual(pairs(forwards));
  });

  const pairs = (slots: Slots): number[][] =>
    Array.from({ length: DIVERSITY_BOUND }, (_, pair) => [
      slots[1 + 2 * pair] ?? NaN,
      slots[2 + 2 * pair] ?? NaN,
    ]).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
});

describe('stage', () => {
  const spec: SpecOf<'stage'> = { ...common, kind: 'stage', windowDays: 90 };

  it('tells the furthest stage of the window, not the last', () => {
    expect(
      value(stage, spec, [
        [50, 3],
        [1, 1],
      ]),
    ).toBe(3);
  });

  it('falls back when the furthest stage lies too long ago, to 0 when all do', () => {
    expect(
      value(stage, spec, [
        [91, 4],
        [10, 2],
      ]),
    ).toBe(2);
    expect(value(stage, spec, [[91 + HOUR / DAY, 4]])).toBe(0);
  });
});
