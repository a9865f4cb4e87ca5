import { describe, expect, it } from '@jest/globals';
import { seededRng } from '../../shared/index.js';
import { compareShadow } from './compare-shadow.js';
import type { ShadowRow } from './shadow-row.js';

const row = (account: string, changes: Partial<ShadowRow> = {}): ShadowRow => ({
  account,
  segment: null,
  channel: 'call',
  choice: true,
  sameFirst: true,
  sameDrawn: true,
  beyond: false,
  propensities: { champion: 0.5, challenger: 0.5 },
  happened: null,
  milliseconds: 1,
  ...changes,
});
const figures = (rows: readonly ShadowRow[]) => compareShadow(rows, seededRng('a test'));

describe('a model in shadow beside the champion', () => {
  it('says nothing without decisions', () => {
    expect(figures([])).toMatchObject({
      decisions: 0,
      agreement: { first: { value: null }, byChannel: [] },
      propensity: { decisions: 0, difference: { value: null } },
      outcomes: null,
      milliseconds: null,
    });
  });

  it('agrees in the share in which both put the same first, where there was something to choose', () => {
    const rows = [
      ...Array.from({ length: 30 }, (_, place) => row(`a${place}`)),
      ...Array.from({ length: 10 }, (_, place) => row(`b${place}`, { sameFirst: false, channel: 'visit' })),
      ...Array.from({ length: 60 }, (_, place) => row(`c${place}`, { choice: false, sameFirst: true })),
    ];
    const { agreement, withoutChoice, decisions, accounts } = figures(rows);
    expect({ withoutChoice, decisions, accounts }).toEqual({
      withoutChoice: 60,
      decisions: 100,
      accounts: 100,
    });
    expect(agreement.first.value).toBe(0.75);
    expect(agreement.first.low).toBeGreaterThan(0.55);
    expect(agreement.first.high).toBeLessThan(0.9);
    expect(
      agreement.byChannel.map(({ group, decisions: count, first }) => [group, count, first.value]),
    ).toEqual([
      ['call', 30, 1],
      ['visit', 10, 0],
    ]);
  });

  it('draws whole accounts: many decisions of few accounts say less than as many of many', () => {
    const rows = (accounts: number) =>
      Array.from({ length: 400 }, (_, place) =>
        row(`a${place % accounts}`, { sameFirst: (place % accounts) % 2 === 0 }),
      );
    const width = (accounts: number) => {
      const { low, high } = figures(rows(accounts)).agreement.first;
      return (high ?? NaN) - (low ?? NaN);
    };
    expect(width(10)).toBeGreaterThan(3 * width(400));
  });

  it('tells how far the chances of what was drawn lie apart, with their sign and without', () => {
    const rows = Array.from({ length: 40 }, (_, place) =>
      row(`a${place}`, { propensities: { champion: 0.5, challenger: place % 2 === 0 ? 0.6 : 0.3 } }),
    );
    const { difference, distance, decisions } = figures([
      ...rows,
      row('z', { propensities: null }),
    ]).propensity;
    expect(decisions).toBe(40);
    expect(difference.value).toBeCloseTo(-0.05, 10);
    expect(distance.value).toBeCloseTo(0.15, 10);
  });

  it('finds the truer of two on what happened since, and how far each is off', () => {
    const rng = seededRng('outcomes');
    const rows = Array.from({ length: 400 }, (_, place) => {
      const chance = place % 2 === 0 ? 0.7 : 0.1;
      const propensities = { champion: 0.6, challenger: chance };
      return row(`a${place % 200}`, { propensities, happened: rng.next() < chance });
    });
    const { outcomes } = figures([...rows, row('open', { happened: null })]);
    expect(outcomes).toMatchObject({ touches: 400 });
    const { champion, challenger, logLossDifference } = outcomes!;
    expect(champion.gap.value).toBeGreaterThan(0.12);
    expect(challenger.gap.low).toBeLessThan(0);
    expect(challenger.gap.high).toBeGreaterThan(0);
    expect(challenger.ece.value).toBeLessThan(champion.ece.value ?? NaN);
    expect(logLossDifference.high).toBeLessThan(0);
    expect(challenger.auc.value).toBeGreaterThan(0.7);
  });

  it('says what it costs', () => {
    const rows = Array.from({ length: 100 }, (_, place) => row(`a${place}`, { milliseconds: place + 1 }));
    expect(figures(rows).milliseconds).toEqual({ mean: 50.5, median: 51, p95: 95, most: 100 });
  });
});
